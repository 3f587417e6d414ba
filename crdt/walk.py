"""A walk: the spans of a live article a piece at a time, between which it may change its blocks."""

from collections.abc import Iterator

from crdt.attribution import Attribution
from crdt.block import Block
from crdt.structs import Kind
from crdt.utf16 import utf16_split
from crdt.weave import Weave

_STRING = int(Kind.STRING)


def walk(weave: Weave, ledger: Attribution) -> Iterator[tuple[int, str]]:
    """(length in code points, author) of the visible text in order; neighbours may have the same.

    Nothing is laid out beforehand, so each piece takes microseconds. The walk can be interrupted
    while edits are refused: these cut blocks in two, of which none is met twice. After an edit that
    was let in it is of no use.
    """
    block = next(iter(weave), None)
    while block is not None:
        here, block = block, block.right  # before anybody cuts `here`, whose rest would come again
        if not here.deleted and here.kind == _STRING:
            yield from _pieces(here, ledger)


def _pieces(block: Block, ledger: Attribution) -> Iterator[tuple[int, str]]:
    rest = str(block.content)
    for run in ledger.runs(block.client, block.clock, block.length):
        text, rest = utf16_split(rest, run.length)
        yield len(text), run.author
