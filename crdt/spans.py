"""Spans: the visible text cut where its author changes."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.structs import Kind
from crdt.utf16 import utf16_split
from crdt.weave import Weave

_STRING = int(Kind.STRING)


class Span(NamedTuple):
    """`length` code points from `start` on (code points) were written by `author`."""

    start: int
    length: int
    author: str


def spans(weave: Weave, ledger: Attribution) -> list[Span]:
    """The spans of the visible text, in order, covering it; neighbours have different authors."""
    return joined(_pieces(weave, ledger))


def joined(pieces: Iterable[tuple[int, str]]) -> list[Span]:
    """Lay (length, author) pieces end to end and join neighbours of one author."""
    out: list[Span] = []
    start = end = 0
    writer = ""
    for length, author in pieces:
        if author != writer:
            if end > start:
                out.append(Span(start, end - start, writer))
            start, writer = end, author
        end += length
    if end > start:
        out.append(Span(start, end - start, writer))
    return out


def _pieces(weave: Weave, ledger: Attribution) -> Iterator[tuple[int, str]]:
    authors = _Authors(ledger)
    for block in weave:
        if block.deleted or block.kind != _STRING:
            continue
        author = authors.only(block.client, block.clock, block.length)
        if author is not None:
            yield len(block.content), author
            continue
        rest = str(block.content)
        for length, each in authors.runs(block.client, block.clock, block.length):
            text, rest = utf16_split(rest, length)
            yield len(text), each


class _Authors:
    """The ledger's authors, laid out for many look-ups."""

    def __init__(self, ledger: Attribution) -> None:
        self._ranges: dict[int, tuple[list[int], list[int], list[str]]] = {}
        for client, part in ledger.inserts.entries():
            author = next(a.value for a in part.attributes if a.name == "insert")
            starts, ends, authors = self._ranges.setdefault(client, ([], [], []))
            if authors and ends[-1] == part.start and authors[-1] == author:
                ends[-1] = part.end
            else:
                starts.append(part.start)
                ends.append(part.end)
                authors.append(author)

    def only(self, client: int, clock: int, length: int) -> str | None:
        """The author of the whole range; None where there are several."""
        starts, ends, authors = self._ranges[client]
        index = bisect_right(starts, clock) - 1
        return authors[index] if clock + length <= ends[index] else None

    def runs(self, client: int, clock: int, length: int) -> Iterator[tuple[int, str]]:
        """(length in UTF-16 units, author) of each part of the range, in order of clocks."""
        starts, ends, authors = self._ranges[client]
        index, end = bisect_right(starts, clock) - 1, clock + length
        while clock < end:
            until = min(ends[index], end)
            yield until - clock, authors[index]
            clock, index = until, index + 1
