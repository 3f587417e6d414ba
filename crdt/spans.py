"""Spans: the visible text cut where its author changes."""

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
    for block in weave:
        if block.kind != Kind.STRING or block.deleted:
            continue
        rest = str(block.content)
        for run in ledger.runs(block.client, block.clock, block.length):
            text, rest = utf16_split(rest, run.length)
            yield len(text), run.author
