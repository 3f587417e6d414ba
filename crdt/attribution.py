"""Attribution: which author inserted, and which deleted, each range of IDs."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pycrdt import ContentAttribute, IdMap, IdSet

from crdt.deletions import Deletion
from crdt.edit import Edit
from crdt.encoding import read_bytes, read_string, write_bytes, write_string
from crdt.structs import Struct

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

    __slots__ = ("_authors", "deletes", "inserts")

    def __init__(self) -> None:
        self.inserts = IdMap()
        self.deletes = IdMap()
        self._authors: set[str] = set()

    def credit(self, edit: Edit, at_ms: int) -> None:
        """Enter an edit, one row of the log: all is its author's but for what was carried over."""
        author, minute = edit.author, at_ms - at_ms % MINUTE_MS
        self._authors.add(author)
        for client, clock, length in _ranges(edit.structs):
            self.inserts.insert(client, clock, length, _said("insert", author, minute))
        for client, clock, length in edit.deletions:
            self.deletes.insert(client, clock, length, _said("delete", author, minute))
        if edit.carried is not None:
            self._keep(IdMap.decode(edit.carried))

    def _keep(self, carried: IdMap) -> None:
        self.inserts.diff_with(carried)
        self.inserts.merge_with(carried)
        for _, part in carried.entries():
            self._authors.update(a.value for a in part.attributes if a.name == "insert")

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
        return set(self._authors)

    def undeleted(self, encoded: bytes) -> list[Deletion]:
        """What of a set of deletions, as it stands in an update that was read, is new here."""
        asked = IdMap.from_set(IdSet.decode(encoded), [ContentAttribute("asked", True)])
        asked.diff_with(self.deletes)
        return [Deletion(c, part.start, part.end - part.start) for c, part in asked.entries()]

    def encode(self) -> bytes:
        """Both maps, each as a byte array with its length."""
        out = bytearray()
        write_bytes(out, self.inserts.encode())
        write_bytes(out, self.deletes.encode())
        return bytes(out)

    def pack(self) -> bytes:
        """Both maps, then the names of the authors, which are quicker to read than to find."""
        out = bytearray(self.encode())
        for author in sorted(self._authors):
            write_string(out, author)
        return bytes(out)

    @classmethod
    def unpack(cls, data: bytes) -> "Attribution":
        """The inverse of `pack`."""
        said = cls()
        inserts, pos = read_bytes(data, 0)
        deletes, pos = read_bytes(data, pos)
        said.inserts, said.deletes = IdMap.decode(inserts), IdMap.decode(deletes)
        while pos < len(data):
            author, pos = read_string(data, pos)
            said._authors.add(author)
        return said


def source_of(carried_from: str, clock: int) -> tuple[int, int]:
    """The ID that carriedFrom ("client:shift") names for the copy's `clock`."""
    client, shift = carried_from.split(":")
    return int(client), clock + int(shift)


@lru_cache(maxsize=4096)
def _said(verb: str, author: str, minute_ms: int) -> list[ContentAttribute]:
    return [ContentAttribute(verb, author), ContentAttribute(f"{verb}At", minute_ms)]


def _ranges(structs: Iterable[Struct]) -> Iterator[tuple[int, int, int]]:
    """(client, clock, length) of the structs; those that follow each other as one."""
    client = clock = end = -1
    for struct in structs:
        if struct.client != client or struct.clock != end:
            if end > clock:
                yield client, clock, end - clock
            client, clock = struct.client, struct.clock
        end = struct.clock + struct.length
    if end > clock:
        yield client, clock, end - clock


def credits_of(edit: Edit, at_ms: int) -> Attribution:
    """What an edit adds to the ledger."""
    added = Attribution()
    added.credit(edit, at_ms)
    return added
