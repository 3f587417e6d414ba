"""Stretches: the visible text with everything that the ledger says of it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.sayings import Sayings, Written, written
from crdt.structs import ID, Kind
from crdt.utf16 import utf16_split
from crdt.weave import Weave

_STRING = int(Kind.STRING)


class Stretch(NamedTuple):
    """Visible text with consecutive IDs, of all of which the ledger says the same.

    `author` wrote it in the minute `at_ms`. Its text is that of the IDs from `source` on: its own,
    or what it was carried from, by `carried_by` in the minute `carried_at_ms` (Unix ms).
    """

    client: int
    clock: int
    length: int  # UTF-16 units, as the clocks
    text: str
    author: str
    at_ms: int
    source: ID
    carried_by: str | None
    carried_at_ms: int | None

    def goes_on(self, other: "Stretch") -> bool:
        """Whether `other`, which stands right after it, says the same of the next IDs."""
        source, shift = self.source
        following = self._replace(
            clock=self.clock + self.length,
            length=other.length,
            text=other.text,
            source=(source, shift + self.length),
        )
        return other == following


def stretches(weave: Weave, ledger: Attribution) -> Iterator[Stretch]:
    """The visible text in document order, in as few stretches as can be, however blocks are cut."""
    return _joined(_pieces(weave, written(ledger.inserts)))


def _pieces(weave: Weave, sayings: Sayings[Written]) -> Iterator[Stretch]:
    for block in weave:
        if block.deleted or block.kind != _STRING:
            continue
        clock, rest = block.clock, str(block.content)
        for length, said in sayings.of(block.client, block.clock, block.length):
            text, rest = utf16_split(rest, length)
            yield _stretch((block.client, clock), length, text, said)
            clock += length


def _stretch(first: ID, length: int, text: str, said: Written) -> Stretch:
    return Stretch(
        *first,
        length,
        text,
        said.author,
        said.at_ms,
        said.source(first),
        said.carried_by,
        said.carried_at_ms,
    )


def _joined(pieces: Iterable[Stretch]) -> Iterator[Stretch]:
    run: list[Stretch] = []
    for piece in pieces:
        if run and not run[-1].goes_on(piece):
            yield _whole(run)
            run = []
        run.append(piece)
    if run:
        yield _whole(run)


def _whole(run: list[Stretch]) -> Stretch:
    if len(run) == 1:
        return run[0]
    return run[0]._replace(
        length=sum(piece.length for piece in run), text="".join(piece.text for piece in run)
    )
