"""Frames: runs of an article's log, each merged into one update and one part of the ledger.

Rows merge into frames, and frames that follow each other into larger ones. What a frame brings and
deletes is what its rows bring and delete, no more and no less: the text of what was inserted and
deleted in one frame stands in it, beside its deletion.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pycrdt import IdMap

from crdt.attribution import Attribution
from crdt.edit import Edit
from crdt.encoding import read_bytes, write_bytes
from crdt.limits import OWN_LIMITS
from crdt.update import decode_update, encode_update

RUN = 64  # rows in a frame of level 0
FACTOR = 4  # frames of one level in a frame of the next
LEVELS = 5  # frames of the last level are runs of 16,384 rows


class Frame(NamedTuple):
    """The rows after < seq <= until; times (Unix ms) are the first and the last row's.

    `authors` are all whom the ledger's part names, sorted; that part is `attribution`, both maps
    each with its length (see Attribution.encode).
    """

    after: int
    until: int
    since_ms: int
    at_ms: int
    authors: tuple[str, ...]
    update: bytes
    attribution: bytes


def frame_of_rows(after: int, rows: Sequence[tuple[int, Edit]]) -> Frame:
    """Merge the rows after seq `after`, each with its time (Unix ms); there is at least one."""
    ledger = Attribution()
    for at_ms, edit in rows:
        ledger.credit(edit, at_ms)
    return Frame(
        after,
        after + len(rows),
        rows[0][0],
        rows[-1][0],
        tuple(sorted(ledger.authors())),
        _update_of_rows(rows),
        ledger.encode(),
    )


def _update_of_rows(rows: Sequence[tuple[int, Edit]]) -> bytes:
    if len(rows) == 1:
        return rows[0][1].payload
    structs = [struct for _, edit in rows for struct in edit.structs]
    return encode_update(structs, [deletion for _, edit in rows for deletion in edit.deletions])


def merge_frames(frames: Sequence[Frame]) -> Frame:
    """Merge frames of which each begins where the one before it ends; there is at least one."""
    first, last = frames[0], frames[-1]
    return Frame(
        first.after,
        last.until,
        first.since_ms,
        last.at_ms,
        tuple(sorted(set().union(*(frame.authors for frame in frames)))),
        _merge_updates([frame.update for frame in frames]),
        _merge_attributions([frame.attribution for frame in frames]),
    )


def _merge_updates(updates: Sequence[bytes]) -> bytes:
    """Fuse neighbouring characters, which the merging of Yjs and yrs does not."""
    read = [decode_update(update, OWN_LIMITS) for update in updates]
    structs = [struct for update in read for struct in update.structs]
    return encode_update(structs, [deletion for update in read for deletion in update.deletions])


def _merge_attributions(attributions: Sequence[bytes]) -> bytes:
    """Put maps together in which no ID stands twice."""
    inserts, deletes = [], []
    for attribution in attributions:
        inserted, pos = read_bytes(attribution, 0)
        deleted, _ = read_bytes(attribution, pos)
        inserts.append(IdMap.decode(inserted))
        deletes.append(IdMap.decode(deleted))
    out = bytearray()
    write_bytes(out, IdMap.merge_many(inserts).encode())
    write_bytes(out, IdMap.merge_many(deletes).encode())
    return bytes(out)


def run_length(level: int) -> int:
    """How many rows a frame of a level holds; it begins at a multiple of that."""
    return RUN * int(FACTOR**level)


class Ladder:
    """Makes the frames of all levels, as those of level 0 come.

    `waiting` are the frames of each level but the last that are not in one of the next level yet.
    """

    def __init__(self, waiting: Sequence[Sequence[Frame]]) -> None:
        self._waiting = [list(frames) for frames in waiting]

    def add(self, frame: Frame) -> Iterator[tuple[int, Frame]]:
        """Give the next frame of level 0, and the larger ones that it completes, by level."""
        for level, waiting in enumerate(self._waiting):
            yield level, frame
            waiting.append(frame)
            if len(waiting) < FACTOR:
                return
            frame = merge_frames(waiting)
            waiting.clear()
        yield len(self._waiting), frame


def waiting_after(level: int, kept: int) -> int:
    """The seq after which the frames of a level are not in one of the next level yet.

    `kept` is the last row in a frame of level 0.
    """
    return kept - kept % run_length(level + 1)
