"""Attribution: which author inserted, and which deleted, each range of IDs."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pycrdt import ContentAttribute, IdMap

from crdt.edit import Edit
from crdt.encoding import read_bytes, write_bytes

MINUTE_MS = 60_000


class Run(NamedTuple):
    """`length` consecutive clocks (UTF-16 units) inserted by `author` at `at_ms` (Unix ms).

    `source` is the ID whose text this is, other than the run's own when it was carried over.
    """

    length: int
    author: str
    at_ms: int
    source: tuple[int, int]


class Attribution:
    """The ledger of one article, or the part of it that one edit adds.

    Two maps from ID ranges to attributes, in the form and encoding of Yjs 14's IdMap:
    `inserts` with insert (author id) and insertAt, `deletes` with delete and deleteAt. Times are
    Unix milliseconds of the whole minute, so that ranges stay few; the log has the exact ones.
    Text that was carried over (undo) keeps the first author's insert and insertAt and says
    carriedBy, carriedAt and carriedFrom ("client:shift", the source's clock less the copy's).
    """

    __slots__ = ("deletes", "inserts")

    def __init__(self, inserts: IdMap | None = None, deletes: IdMap | None = None) -> None:
        self.inserts = IdMap() if inserts is None else inserts
        self.deletes = IdMap() if deletes is None else deletes

    def merge(self, other: "Attribution") -> None:
        """Take in all that `other` says."""
        self.inserts.merge_with(other.inserts)
        self.deletes.merge_with(other.deletes)

    def runs(self, client: int, clock: int, length: int) -> Iterator[Run]:
        """Who inserted the range, in order of clocks; every ID of it must be in the ledger."""
        for part in self.inserts.attributions(client, clock, length):
            said = {a.name: a.value for a in part.attributes}
            source = (client, part.start)
            if "carriedFrom" in said:
                source = source_of(said["carriedFrom"], part.start)
            yield Run(part.end - part.start, said["insert"], int(said["insertAt"]), source)

    def authors(self) -> set[str]:
        """Every author id that either map names."""
        return {
            attribute.value
            for ids in (self.inserts, self.deletes)
            for _, part in ids.entries()
            for attribute in part.attributes
            if attribute.name in {"insert", "delete", "carriedBy"}
        }

    def encode(self) -> bytes:
        """Both maps, each as a byte array with its length."""
        out = bytearray()
        write_bytes(out, self.inserts.encode())
        write_bytes(out, self.deletes.encode())
        return bytes(out)

    @classmethod
    def decode(cls, data: bytes) -> "Attribution":
        """The inverse of `encode`, for our own bytes only."""
        inserts, pos = read_bytes(data, 0)
        deletes, _ = read_bytes(data, pos)
        return cls(IdMap.decode(inserts), IdMap.decode(deletes))


def source_of(carried_from: str, clock: int) -> tuple[int, int]:
    """The ID that carriedFrom ("client:shift") names for the copy's `clock`."""
    client, shift = carried_from.split(":")
    return int(client), clock + int(shift)


@lru_cache(maxsize=4096)
def _said(verb: str, author: str, minute_ms: int) -> list[ContentAttribute]:
    return [ContentAttribute(verb, author), ContentAttribute(f"{verb}At", minute_ms)]


def credits_of(edit: Edit, at_ms: int) -> Attribution:
    """What an edit, one log row, adds: all is its author's but for what was carried over."""
    added, minute = Attribution(), at_ms - at_ms % MINUTE_MS
    for struct in edit.structs:
        said = _said("insert", edit.author, minute)
        added.inserts.insert(struct.client, struct.clock, struct.length, said)
    for deletion in edit.deletions:
        added.deletes.insert(*deletion, _said("delete", edit.author, minute))
    if edit.carried is not None:
        kept = IdMap.decode(edit.carried)
        added.inserts.diff_with(kept)
        added.inserts.merge_with(kept)
    return added
