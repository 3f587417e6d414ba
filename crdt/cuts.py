"""Cuts: where a range of a log is cut into frames, and what each frame is put together from."""

from collections.abc import Iterator
from typing import NamedTuple

from crdt.frames import LEVELS, RUN, run_length

EXACT = 512  # rows; so many can be merged while somebody waits
PIECES = 1_024  # frames that are kept; about so many can be read while somebody waits
ROWS = -1  # in place of a level: these rows are in no frame


class Piece(NamedTuple):
    """The rows after < seq <= until: one frame of `level`, or ROWS of the log themselves."""

    level: int
    after: int
    until: int


class Cut(NamedTuple):
    """The rows after < seq <= until, in one frame put together from the pieces."""

    after: int
    until: int
    pieces: tuple[Piece, ...]


def cuts(after: int, until: int, most: int, kept: int) -> list[Cut]:
    """Cut the rows after < seq <= until into at most `most` frames, as even as it is cheap.

    `kept` is the last row in a frame of level 0; every larger frame that ends there or before it is
    kept, too. A range of up to EXACT rows is cut into equal parts, a longer one where frames begin.
    """
    if until - after <= EXACT:
        edges = _equal(after, until, most)
        return [Cut(a, b, (Piece(ROWS, a, b),)) for a, b in edges]
    level = _level(until - after, most)
    return [
        Cut(a, b, tuple(_pieces(a, b, level, kept))) for a, b in _aligned(after, until, most, level)
    ]


def _equal(after: int, until: int, most: int) -> Iterator[tuple[int, int]]:
    rows = until - after
    count = min(rows, most)
    for number in range(count):
        yield after + rows * number // count, after + rows * (number + 1) // count


def _level(rows: int, most: int) -> int:
    """The level of the frames to take: not much larger than needed, and not too many."""
    fitting = [level for level in range(LEVELS) if run_length(level) * most <= rows]
    few = [level for level in range(LEVELS) if run_length(level) * PIECES >= rows]
    return max(fitting[-1] if fitting else 0, few[0] if few else LEVELS - 1)


def _aligned(after: int, until: int, most: int, level: int) -> Iterator[tuple[int, int]]:
    unit = run_length(level)
    start = after - after % unit
    step = unit * -(-(until - start) // (unit * most))
    for edge in range(start + step, until, step):
        yield after, edge
        after = edge
    yield after, until


def _pieces(after: int, until: int, highest: int, kept: int) -> Iterator[Piece]:
    while after < until:
        level = highest
        while level >= 0 and (
            after % run_length(level) or after + run_length(level) > min(until, kept)
        ):
            level -= 1
        end = after + run_length(level) if level >= 0 else _end_of_rows(after, until, kept)
        yield Piece(level, after, end)
        after = end


def _end_of_rows(after: int, until: int, kept: int) -> int:
    """Behind the last frame all rows are one piece, before it those up to where the next begins."""
    return until if after >= kept else min(until, after - after % RUN + RUN)
