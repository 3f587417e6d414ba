from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.cuts import EXACT, PIECES, ROWS, Cut, Piece, cuts
from crdt.frames import FACTOR, LEVELS, RUN, run_length

SEQS = st.integers(0, 400_000) | st.integers(0, 2_000)
RANGES = st.tuples(SEQS, SEQS).map(sorted).filter(lambda ends: ends[0] < ends[1])
MOST = st.integers(1, 2_000) | st.integers(1, 20)
KEPT = st.integers(0, 6_000).map(RUN.__mul__)


def _follow(parts: list[Cut] | tuple[Piece, ...], after: int, until: int) -> bool:
    joined = all(left.until == right.after for left, right in pairwise(parts))
    return joined and (parts[0].after, parts[-1].until) == (after, until)


@given(RANGES, MOST, KEPT)
def test_cuts_follow_each_other_and_cover_the_range(ends: list[int], most: int, kept: int) -> None:
    found = cuts(*ends, most, kept)
    assert _follow(found, *ends)
    assert all(cut.after < cut.until for cut in found)
    assert all(_follow(cut.pieces, cut.after, cut.until) for cut in found)


@given(RANGES, MOST, KEPT)
def test_there_are_no_more_than_asked_for(ends: list[int], most: int, kept: int) -> None:
    assert len(cuts(*ends, most, kept)) <= most


@given(RANGES, MOST, KEPT)
def test_only_what_is_kept_is_taken_from_what_is_kept(
    ends: list[int], most: int, kept: int
) -> None:
    for piece in (piece for cut in cuts(*ends, most, kept) for piece in cut.pieces):
        if piece.level != ROWS:
            length = run_length(piece.level)
            assert piece.after % length == 0
            assert piece.until == piece.after + length <= kept


@given(RANGES, MOST, KEPT)
def test_few_rows_are_read_from_the_log_where_frames_are_kept(
    ends: list[int], most: int, kept: int
) -> None:
    pieces = [piece for cut in cuts(*ends, most, kept) for piece in cut.pieces]
    rows = sum(p.until - p.after for p in pieces if p.level == ROWS and p.until <= kept)
    assert rows <= (EXACT if ends[1] - ends[0] <= EXACT else 2 * RUN)


@given(RANGES, MOST, KEPT)
def test_all_but_the_first_and_the_last_are_equally_long(
    ends: list[int], most: int, kept: int
) -> None:
    found = cuts(*ends, most, kept)
    lengths = [cut.until - cut.after for cut in found]
    if ends[1] - ends[0] <= EXACT:
        assert max(lengths) - min(lengths) <= 1
    else:
        assert len(set(lengths[1:-1])) <= 1
        assert max(lengths) <= max(lengths[1:-1], default=max(lengths))


@given(RANGES, MOST, KEPT)
def test_they_are_not_much_longer_than_needed(ends: list[int], most: int, kept: int) -> None:
    rows = ends[1] - ends[0]
    least = next(n for n in map(run_length, range(LEVELS)) if n * PIECES >= rows)
    needed = max(-(-rows // most), least)
    for cut in cuts(*ends, most, kept):
        assert cut.until - cut.after <= 2 * needed + least


@given(RANGES, MOST)
def test_there_are_not_too_many_pieces(ends: list[int], most: int) -> None:
    found = cuts(*ends, most, ends[1] - ends[1] % RUN)
    assert sum(len(cut.pieces) for cut in found) <= PIECES + 2 * FACTOR * LEVELS


def test_there_is_no_range_that_is_too_long() -> None:
    found = cuts(0, 10**9, 2_000, 0)
    assert 1_000 < len(found) <= 2_000


def test_a_few_rows_are_cut_into_single_ones() -> None:
    assert cuts(63, 66, 10, 0) == [
        Cut(at, at + 1, (Piece(ROWS, at, at + 1),)) for at in (63, 64, 65)
    ]


@pytest.mark.parametrize("most", [1, 7])
def test_nothing_is_cut_into_nothing(most: int) -> None:
    assert cuts(5, 5, most, 0) == []


def test_a_long_range_is_put_together_from_large_frames_and_what_is_left_at_its_ends() -> None:
    (cut,) = cuts(60, 1_500, 1, 1_472)
    assert cut.pieces == (
        Piece(ROWS, 60, 64),
        *(Piece(0, at, at + 64) for at in (64, 128, 192)),
        *(Piece(1, at, at + 256) for at in (256, 512, 768)),
        Piece(1, 1_024, 1_280),
        *(Piece(0, at, at + 64) for at in (1_280, 1_344, 1_408)),
        Piece(ROWS, 1_472, 1_500),
    )


def test_a_whole_log_takes_no_larger_frames_than_there_are() -> None:
    rows = 3 * run_length(LEVELS - 1)
    (cut,) = cuts(0, rows, 1, rows)
    assert [piece.level for piece in cut.pieces] == [LEVELS - 1] * 3
