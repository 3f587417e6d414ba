"""Framekeeping: the frames of an article, made from its log and kept beside it.

A frame follows from its rows alone, and rows never change; so a frame that is kept stays right, and
making it once more gives the same bytes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from crdt.frames import LEVELS, RUN, Frame, Ladder, frame_of_rows, run_length, waiting_after
from persistence.edits import edit_of
from persistence.frames import Frame as KeptFrame
from persistence.store import Store

AT_ONCE = 32  # frames of the first level in one transaction, which keeps writers out meanwhile

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def kept_until(store: Store, article: int) -> int:
    """The last row that is in a frame: a multiple of RUN, and no larger frame is missing there."""
    return store.frames.last(article, 0)


def keep_frames(store: Store, article: int, most_rows: int | None = None) -> int:
    """Make and keep the frames that are missing, of the log as it is now; return `kept_until`.

    The oldest come first; with `most_rows` it stops after about so many. What is there already is
    not made again, and where two processes do it at once they keep the same.
    """
    kept = kept_until(store, article)
    head = store.log.heads([article]).get(article, 0)
    until = head - head % RUN
    if most_rows is not None:
        until = min(until, kept + most_rows - most_rows % RUN)
    runs = _made(store, article, kept, until)
    while batch := list(islice(runs, AT_ONCE)):
        store.frames.put(_to_keep(article, *made) for run in batch for made in run)
        kept = batch[-1][0][1].until
    return kept


def _made(store: Store, article: int, kept: int, until: int) -> Iterator[list[tuple[int, Frame]]]:
    """The frames of each run, with the larger ones that it completes."""
    ladder = Ladder([_waiting(store, article, level, kept) for level in range(LEVELS - 1)])
    rows = map(edit_of, store.log.read(article, kept, until))
    for after in range(kept, until, RUN):
        yield list(ladder.add(frame_of_rows(after, list(islice(rows, RUN)))))


def _waiting(store: Store, article: int, level: int, kept: int) -> list[Frame]:
    return list(read_frames(store, article, level, waiting_after(level, kept), kept))


def read_frames(store: Store, article: int, level: int, after: int, until: int) -> Iterator[Frame]:
    """Give the kept frames of a level that lie in after < seq <= until."""
    for kept in store.frames.read(article, level, after, until):
        yield Frame(
            kept.after,
            kept.until,
            (kept.since - _EPOCH) // _MS,
            (kept.at - _EPOCH) // _MS,
            kept.authors,
            kept.payload,
            kept.attribution,
        )


def _to_keep(article: int, level: int, frame: Frame) -> KeptFrame:
    return KeptFrame(
        article,
        level,
        frame.after // run_length(level),
        frame.after,
        frame.until,
        _EPOCH + frame.since_ms * _MS,
        _EPOCH + frame.at_ms * _MS,
        frame.authors,
        frame.update,
        frame.attribution,
    )
