from functools import cache
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, IdMap, Text

from crdt.edit import Edit
from crdt.encoding import read_bytes
from crdt.frames import (
    FACTOR,
    LEVELS,
    RUN,
    Frame,
    Ladder,
    frame_of_rows,
    merge_frames,
    run_length,
    waiting_after,
)
from tests.support import histories, longarticle
from tests.support.histories import ids

Rows = list[tuple[int, Edit]]
LENGTH = 300


@cache
def _rows(seed: int) -> Rows:
    return longarticle.write(LENGTH, seed).rows


LOGS = st.integers(0, 20).map(_rows)
EDGES = st.sets(st.integers(1, LENGTH - 1), max_size=12).map(
    lambda inner: sorted({0, *inner, LENGTH})
)


def _frames(rows: Rows, edges: list[int]) -> list[Frame]:
    return [frame_of_rows(a, rows[a:b]) for a, b in pairwise(edges)]


def _document(updates: list[bytes]) -> "Doc[Text]":
    doc: Doc[Text] = Doc(skip_gc=True)
    doc.get("content", type=Text)
    for update in updates:
        doc.apply_update(update)
    return doc


def _maps(frame: Frame) -> tuple[IdMap, IdMap]:
    inserts, pos = read_bytes(frame.attribution, 0)
    deletes, _ = read_bytes(frame.attribution, pos)
    return IdMap.decode(inserts), IdMap.decode(deletes)


def _is_the_log(frames: list[Frame], rows: Rows) -> bool:
    plain = _document([edit.payload for _, edit in rows])
    ledger = histories.ledger(rows)
    inserts, deletes = zip(*map(_maps, frames), strict=True)
    return (
        _document([frame.update for frame in frames]).get_update() == plain.get_update()
        and ids(inserts) == ids([ledger.inserts])
        and ids(deletes) == ids([ledger.deletes])
    )


@given(LOGS, EDGES)
def test_frames_say_what_their_rows_say(rows: Rows, edges: list[int]) -> None:
    frames = _frames(rows, edges)
    assert _is_the_log(frames, rows)
    for frame in frames:
        told = rows[frame.after : frame.until]
        assert (frame.since_ms, frame.at_ms) == (told[0][0], told[-1][0])
        assert {edit.author for _, edit in told} <= set(frame.authors)
        assert list(frame.authors) == sorted(set(frame.authors))


@given(LOGS, EDGES, EDGES)
def test_merged_frames_say_what_their_rows_say(
    rows: Rows, edges: list[int], inner: list[int]
) -> None:
    small = _frames(rows, sorted({*edges, *inner}))
    merged = [
        merge_frames([frame for frame in small if a <= frame.after < b]) for a, b in pairwise(edges)
    ]
    assert _is_the_log(merged, rows)
    plain = _frames(rows, edges)
    assert [frame[:6] for frame in merged] == [frame[:6] for frame in plain]


def test_a_frame_of_one_row_has_the_rows_own_update() -> None:
    (row, *_) = _rows(1)
    assert frame_of_rows(0, [row]).update == row[1].payload


def test_neighbouring_characters_are_fused() -> None:
    rows = _rows(2)
    assert len(frame_of_rows(0, rows).update) < sum(len(edit.payload) for _, edit in rows) / 2


def test_a_ladder_makes_larger_frames_as_soon_as_they_are_complete() -> None:
    rows = _rows(3)
    ladder = Ladder([[], []])
    made = [each for frame in _frames(rows, list(range(LENGTH))) for each in ladder.add(frame)]
    for level in range(3):
        step = FACTOR**level
        found = [frame for its, frame in made if its == level]
        assert [(f.after, f.until) for f in found] == [
            (at, at + step) for at in range(0, LENGTH - step, step)
        ]
        assert _is_the_log(found, rows[: found[-1].until])


def test_a_ladder_goes_on_where_another_one_stopped() -> None:
    rows = _rows(4)
    frames = _frames(rows, list(range(23)))
    whole = Ladder([[], []])
    made = [each for frame in frames for each in whole.add(frame)]
    first = [each for each in made if each[1].until <= 11]
    waiting = [
        [f for level, f in first if level == its and f.after >= 11 - 11 % FACTOR ** (its + 1)]
        for its in range(2)
    ]
    rest = Ladder(waiting)
    assert first + [each for frame in frames[11:] for each in rest.add(frame)] == sorted(
        made, key=lambda each: each[1].until
    )


def test_runs_get_longer_level_by_level() -> None:
    assert [run_length(level) for level in range(LEVELS)] == [64, 256, 1_024, 4_096, 16_384]


def test_what_waits_begins_where_the_last_larger_frame_ended() -> None:
    assert waiting_after(0, 0) == 0
    assert waiting_after(0, 5 * RUN) == 4 * RUN
    assert waiting_after(1, 15 * RUN) == 0
    assert waiting_after(1, 17 * RUN) == 16 * RUN
