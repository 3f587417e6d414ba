"""Spans: the visible text cut where its author changes."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.structs import Kind
from crdt.utf16 import utf16_split
from crdt.weave import Weave


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
    start = 0
    for length, author in pieces:
        if out and out[-1].author == author:
            out[-1] = out[-1]._replace(length=out[-1].length + length)
        else:
            out.append(Span(start, length, author))
        start += length
    return out


def _pieces(weave: Weave, ledger: Attribution) -> Iterator[tuple[int, str]]:
    authors = _Authors(ledger)
    for block in weave:
        if block.kind != Kind.STRING or block.deleted:
            continue
        rest = str(block.content)
        for length, author in authors.runs(block.client, block.clock, block.length):
            text, rest = utf16_split(rest, length)
            yield len(text), author


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

    def runs(self, client: int, clock: int, length: int) -> Iterator[tuple[int, str]]:
        """(length in UTF-16 units, author) of each part of the range, in order of clocks."""
        starts, ends, authors = self._ranges[client]
        index, end = bisect_right(starts, clock) - 1, clock + length
        while clock < end:
            until = min(ends[index], end)
            yield until - clock, authors[index]
            clock, index = until, index + 1
