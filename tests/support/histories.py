"""The history stream as a client reads it, written a second time; and what a log says by itself."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc, IdMap, Text

from crdt.attribution import Attribution
from crdt.edit import Edit
from tests.support import wire

ROOT = "content"
ID = tuple[int, int]


@dataclass
class Frame:
    """One frame of a stream; `messages` are pairs of an attribution and an update."""

    after: int
    until: int
    since_ms: int
    at_ms: int
    authors: list[str]
    messages: list[bytes]

    @property
    def updates(self) -> list[bytes]:
        readers = [wire.Reader(message) for message in self.messages[1::2]]
        assert [(reader.uint(), reader.uint()) for reader in readers] == [(0, 2)] * len(readers)
        return [reader.array() for reader in readers]

    @property
    def told(self) -> "list[Told]":
        return [Told.read(message) for message in self.messages[::2]]


@dataclass
class Told:
    """An attribution message."""

    seq: int
    inserts: IdMap
    deletes: IdMap
    authors: dict[str, dict[str, str]]

    @staticmethod
    def read(message: bytes) -> "Told":
        reader = wire.Reader(message)
        assert reader.uint() == wire.ATTRIBUTION
        seq, inserts, deletes = reader.uint(), reader.array(), reader.array()
        authors = json.loads(reader.string())
        assert reader.done()
        return Told(seq, IdMap.decode(inserts), IdMap.decode(deletes), authors)


@dataclass
class Stream:
    """A whole answer."""

    head: int
    after: int
    until: int
    frames: list[Frame]

    @property
    def names(self) -> dict[str, dict[str, str]]:
        told = [message.authors for frame in self.frames for message in frame.told]
        return {author: said for authors in told for author, said in authors.items()}


def read(content: bytes) -> Stream:
    """Read an answer to its end; it must be whole and without gaps."""
    reader = wire.Reader(content)
    header = wire.Reader(reader.array())
    head, after, until, count = (header.uint() for _ in range(4))
    assert header.done()
    frames = [_frame(wire.Reader(reader.array())) for _ in range(count)]
    assert reader.done()
    edges = [after, *(frame.until for frame in frames)]
    assert [frame.after for frame in frames] == edges[:-1]
    assert edges[-1] == until or (not frames and after == until)
    return Stream(head, after, until, frames)


def _frame(reader: wire.Reader) -> Frame:
    numbers = [reader.uint() for _ in range(4)]
    authors = [reader.string() for _ in range(reader.uint())]
    messages = [reader.array() for _ in range(reader.uint())]
    assert reader.done()
    return Frame(*numbers, authors, messages)


def ids(maps: Iterable[IdMap]) -> dict[ID, dict[str, Any]]:
    """What the maps say of each ID; no ID may stand in two of them."""
    said: dict[ID, dict[str, Any]] = {}
    for one in maps:
        for client, part in one.entries():
            attributes = {a.name: a.value for a in part.attributes}
            for clock in range(part.start, part.end):
                assert (client, clock) not in said
                said[client, clock] = attributes
    return said


class Replica:
    """A document that keeps what is deleted, as a page does that shows the past."""

    def __init__(self) -> None:
        self._doc: Doc[Text] = Doc(skip_gc=True)
        self._text = self._doc.get(ROOT, type=Text)

    @property
    def text(self) -> str:
        return str(self._text)

    def apply(self, updates: Sequence[bytes]) -> None:
        with self._doc.transaction():
            for update in updates:
                self._doc.apply_update(update)

    def state(self) -> bytes:
        """The whole, deleted text too, in a form that does not depend on how it came."""
        return self._doc.get_update()


def replicas(rows: Sequence[tuple[int, Edit]], seqs: Iterable[int]) -> Iterator[Replica]:
    """Replicas of a log at each of the seqs."""
    for seq in seqs:
        replica = Replica()
        replica.apply([edit.payload for _, edit in rows[:seq]])
        yield replica


def ledger(rows: Iterable[tuple[int, Edit]]) -> Attribution:
    """What rows, with their times, add to the ledger."""
    added = Attribution()
    for at_ms, edit in rows:
        added.credit(edit, at_ms)
    return added
