"""Letters: the text that stands, and that which is wanted, a character at a time where they differ.

IDs never change places, so what stands and is wanted stays where it is and parts the text into
gaps. In a gap some text stands that is not wanted, and some is wanted that does not stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.sayings import Sayings, Written, written
from crdt.standing import Standing
from crdt.structs import ID, Kind
from crdt.utf16 import utf16_length, utf16_split
from crdt.weave import Weave

_STRING = int(Kind.STRING)


class Letter(NamedTuple):
    """A character (code point): its first ID, how many UTF-16 units it has, who wrote it.

    `place` counts the IDs before it in the weave; `source` is the ID that it was carried from.
    """

    identity: ID
    units: int
    place: int
    text: str
    said: Written
    source: ID

    @property
    def author(self) -> str:
        """Who wrote it."""
        return self.said.author


@dataclass(slots=True)
class Gap:
    """What stands and is not `wanted`, and what is wanted and does not stand, in document order.

    It lies between the places `after` and `before`; the ID `until` stands at the latter, None at
    the end of the document. `kept` code points of wanted text stand between it and the gap before.
    """

    after: int
    kept: int = 0
    standing: list[Letter] = field(default_factory=list)
    wanted: list[Letter] = field(default_factory=list)
    before: int = -1
    until: ID | None = None

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.standing or self.wanted)


class _Part(NamedTuple):
    """Consecutive IDs of text which stand, or are wanted, or both."""

    client: int
    clock: int
    text: str
    place: int
    stands: bool
    wanted: bool


def gaps(weave: Weave, ledger: Attribution, wanted: Standing) -> Iterator[Gap]:
    """The gaps in document order; StructureRefused where `wanted` cuts a surrogate pair."""
    said = written(ledger.inserts)
    gap = Gap(-1)
    for part in _parts(weave, wanted):
        if part.stands and part.wanted:
            yield from _closed(gap, part.place, (part.client, part.clock))
            kept = len(part.text) + (0 if gap else gap.kept)
            gap = Gap(part.place + utf16_length(part.text) - 1, kept)
        else:
            letters = gap.wanted if part.wanted else gap.standing
            letters += _letters(part, said)
    yield from _closed(gap, sum(weave.clocks.values()), None)


def _closed(gap: Gap, before: int, until: ID | None) -> Iterator[Gap]:
    if gap:
        gap.before, gap.until = before, until
        yield gap


def _parts(weave: Weave, wanted: Standing) -> Iterator[_Part]:
    place = 0
    for block in weave:
        if block.kind == _STRING:
            at, rest = 0, str(block.content)
            for length, inside in wanted.parts(block.client, block.clock, block.length):
                text, rest = utf16_split(rest, length)
                if inside or not block.deleted:
                    clock, stands = block.clock + at, not block.deleted
                    yield _Part(block.client, clock, text, place + at, stands, inside)
                at += length
        place += block.length


def _letters(part: _Part, said: Sayings[Written]) -> Iterator[Letter]:
    clock, place, rest = part.clock, part.place, part.text
    for length, each in said.of(part.client, part.clock, utf16_length(part.text)):
        text, rest = utf16_split(rest, length)
        for character in text:
            units = 2 if character > "\uffff" else 1
            identity = (part.client, clock)
            yield Letter(identity, units, place, character, each, each.source(identity))
            clock, place = clock + units, place + units
