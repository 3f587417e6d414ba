"""A restoration: the edit that brings deleted text back, under the names of those who wrote it.

Nothing revives a deleted ID, so what comes back is a copy that says whose text it is (see Carry).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crdt.deletions import Deletion
from crdt.structs import ID, Struct
from crdt.update import encode_update


class Copied(NamedTuple):
    """A struct to insert, whose text is that of the deleted IDs from `original` on."""

    struct: Struct
    original: ID


class Restoration(NamedTuple):
    """What to insert and to delete so that the wanted text stands."""

    copies: tuple[Copied, ...]
    deletions: tuple[Deletion, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.copies or self.deletions)

    @property
    def update(self) -> bytes:
        """All of it as one update."""
        return encode_update([each.struct for each in self.copies], self.deletions)

    def portions(self, most: int, most_bytes: int) -> "Iterator[Restoration]":
        """Cut it into parts of `most` copies and deletions and so many bytes of text, at most.

        They go in one after the other: what is deleted first, then the text from its beginning on.
        """
        size = sum(map(_size, self.copies))
        if len(self.copies) + len(self.deletions) <= most and size <= most_bytes:
            yield self
            return
        for start in range(0, len(self.deletions), most):
            yield Restoration((), self.deletions[start : start + most])
        for batch in _batches(self.copies, most, most_bytes):
            yield Restoration(tuple(batch), ())


def _size(copied: Copied) -> int:
    return len(str(copied.struct.content).encode())


def _batches(copies: Iterable[Copied], most: int, most_bytes: int) -> Iterator[list[Copied]]:
    batch: list[Copied] = []
    room = most_bytes
    for copied in copies:
        size = _size(copied)
        if batch and (len(batch) == most or size > room):
            yield batch
            batch, room = [], most_bytes
        batch.append(copied)
        room -= size
    if batch:
        yield batch
