"""Deleted text: the passages that were taken away and of which no copy stands in the text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.sayings import Removed, removed, written
from crdt.spans import Span, joined
from crdt.standing import Standing, standing
from crdt.stretches import stretches
from crdt.structs import ID, Kind
from crdt.utf16 import utf16_split
from crdt.weave import Weave

_STRING = int(Kind.STRING)

Range = tuple[int, int, int]  # client, clock, length in UTF-16 units


class Passage(NamedTuple):
    """Text that stood together and was deleted by one author in one minute (Unix ms).

    `ids` are its ranges in document order, `spans` say who wrote it (code points of `text`), and
    `place` counts the IDs before it in the weave.
    """

    ids: tuple[Range, ...]
    text: str
    spans: tuple[Span, ...]
    deleted_by: str
    deleted_at_ms: int
    place: int


class _Piece(NamedTuple):
    """Deleted text with consecutive IDs of which the ledger says the same, in the gap `gap`.

    Gaps are counted where text stands.
    """

    client: int
    clock: int
    length: int
    text: str
    place: int
    gap: int
    source: ID
    author: str
    carried_at_ms: int
    removed: Removed

    def part(self, start: int, end: int) -> "_Piece":
        """The units from `start` to `end`."""
        if end - start == self.length:  # by far the most
            return self
        client, clock = self.source
        text = utf16_split(utf16_split(self.text, end)[0], start)[1]
        return self._replace(
            clock=self.clock + start,
            length=end - start,
            text=text,
            place=self.place + start,
            source=(client, clock + start),
        )

    @property
    def age(self) -> tuple[int, ...]:
        """Greater for what was there later."""
        return self.removed.at_ms, self.carried_at_ms, self.client, self.clock


def passages(weave: Weave, ledger: Attribution) -> list[Passage]:
    """All of them in document order; of a text and its copies that were deleted, too, the last."""
    pieces = _latest(list(_gone(weave, ledger)))
    return [_passage(list(run)) for _, run in groupby(pieces, lambda p: (p.gap, p.removed))]


def wanted_with(weave: Weave, ledger: Attribution, passage: Standing) -> Standing:
    """The IDs of what stands, and of what `passage` names that is deleted and has no living copy.

    Of several copies of one text only the last is among them.
    """
    pieces = [
        piece.part(start, end)
        for piece in _gone(weave, ledger)
        for start, end in _parts(passage, (piece.client, piece.clock), piece.length, inside=True)
    ]
    again = [(each.client, each.clock, each.length) for each in _latest(pieces)]
    return Standing([*standing(weave), *again])


def _gone(weave: Weave, ledger: Attribution) -> Iterator[_Piece]:
    """Deleted text of which no copy stands."""
    alive = Standing((*s.source, s.length) for s in stretches(weave, ledger) if s.carried_by)
    for piece in _deleted(weave, ledger):
        for start, end in _parts(alive, piece.source, piece.length, inside=False):
            yield piece.part(start, end)


def _deleted(weave: Weave, ledger: Attribution) -> Iterator[_Piece]:
    writers, removers = written(ledger.inserts), removed(ledger.deletes)
    place = gap = 0
    for block in weave:
        if block.kind == _STRING and not block.deleted:
            gap += 1
        elif block.kind == _STRING:
            clock, rest = block.clock, str(block.content)
            for length, gone in removers.of(block.client, clock, block.length):
                for part, said in writers.of(block.client, clock, length):
                    text, rest = utf16_split(rest, part)
                    first, at = (block.client, clock), place + clock - block.clock
                    source, since = said.source(first), said.carried_at_ms or 0
                    yield _Piece(*first, part, text, at, gap, source, said.author, since, gone)
                    clock += part
        place += block.length


def _parts(among: Standing, first: ID, length: int, *, inside: bool) -> Iterator[tuple[int, int]]:
    """(start, end) of the parts of a range that are, or are not, in a set."""
    start = 0
    for part, is_in in among.parts(*first, length):
        if is_in == inside:
            yield start, start + part
        start += part


def _latest(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """Without the parts of which another piece is a later copy."""
    copied = Standing((*p.source, p.length) for p in pieces if p.source != (p.client, p.clock))
    all_sources = [_sources(piece, copied) for piece in pieces]
    ages: dict[ID, tuple[int, ...]] = {}
    for piece, sources in zip(pieces, all_sources, strict=True):
        for source in sources.values():
            ages[source] = max(piece.age, ages.get(source, piece.age))
    for piece, sources in zip(pieces, all_sources, strict=True):
        older = {n for n, source in sources.items() if ages[source] > piece.age}
        yield from _without(piece, older) if older else (piece,)


def _without(piece: _Piece, units: set[int]) -> Iterator[_Piece]:
    for is_one, run in groupby(range(piece.length), units.__contains__):
        if not is_one:
            rest = list(run)
            yield piece.part(rest[0], rest[-1] + 1)


def _sources(piece: _Piece, copied: Standing) -> dict[int, ID]:
    """The sources of its units that are copied, or copies, by their numbers."""
    client, clock = piece.source
    return {
        n: (client, clock + n)
        for start, end in _parts(copied, piece.source, piece.length, inside=True)
        for n in range(start, end)
    }


def _passage(pieces: Sequence[_Piece]) -> Passage:
    first = pieces[0]
    return Passage(
        tuple(_ranges(pieces)),
        "".join(piece.text for piece in pieces),
        tuple(joined((len(piece.text), piece.author) for piece in pieces)),
        *first.removed,
        first.place,
    )


def _ranges(pieces: Iterable[_Piece]) -> Iterator[Range]:
    client = clock = end = -1
    for piece in pieces:
        if (piece.client, piece.clock) != (client, end):
            if end > clock:
                yield client, clock, end - clock
            client, clock = piece.client, piece.clock
        end = piece.clock + piece.length
    yield client, clock, end - clock
