"""A section brought back: which text stands where it should give way, and which is wanted again.

Where some of the section stands, it lies between its old ends: what was written there since gives
way, but for whole sections, which are others'. Where nothing of it stands and another section is
so headed, that gives way. Else the section only comes back, to its place.
"""

from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.letters import Gap, Letter, gaps
from crdt.standing import Standing
from crdt.structs import ID
from crdt.weave import Weave

NOTHING = Standing(())


class Headed(NamedTuple):
    """A section of a text, from `start` to `end` (code points), with its subsections."""

    start: int
    end: int
    level: int
    heading: str


def letters(weave: Weave, ledger: Attribution) -> list[Letter]:
    """All the visible text."""
    return [letter for gap in gaps(weave, ledger, NOTHING) for letter in gap.standing]


def section_gaps(
    weave: Weave,
    ledger: Attribution,
    then: Sequence[Letter],
    section: Headed,
    sections: Sequence[Headed],
) -> list[Gap]:
    """What has to change so that a `section` of the earlier text `then` stands.

    `sections` are those of the visible text of `weave` now.
    """
    old, now = then[section.start : section.end], letters(weave, ledger)
    stands = {letter.identity for letter in now}
    missing = {letter.source for letter in old if letter.identity not in stands}
    same = [each for each in sections if each[2:] == section[2:]]
    if same and len(missing) == len(old):
        copied = set(_copies(now, missing))
        most = max(same, key=lambda each: len(copied.intersection(range(each.start, each.end))))
        return list(_in_place_of(most, old, now, copied))
    leaving, ahead = set(_copies(now, missing)), 0
    if len(missing) < len(old):
        after = then[section.end].identity if section.end < len(then) else None
        heads = [each for each in sections if each.level <= section.level]
        place = _Place(weave, old, after, now, heads)
        leaving |= place.leaving()
        ahead = place.ahead(old)
    kept = [letter for index, letter in enumerate(now) if index not in leaving]
    rest = list(gaps(weave, ledger, _ids([*kept, *old[ahead:]])))
    return [*rest, _right_before(old[ahead], old[:ahead])] if ahead else rest


def _ids(some: Sequence[Letter]) -> Standing:
    return Standing((*letter.identity, letter.units) for letter in some)


def _copies(now: Sequence[Letter], missing: set[ID]) -> Iterator[int]:
    """Living copies of what is brought back, which has its own place."""
    return (index for index, letter in enumerate(now) if letter.source in missing)


class _Place:
    """What stands in the text `now` between the old ends of a section of which some stands.

    `heads` are the sections of now that have its level, or a higher one.
    """

    def __init__(
        self,
        weave: Weave,
        old: Sequence[Letter],
        after: ID | None,
        now: Sequence[Letter],
        heads: Sequence[Headed],
    ) -> None:
        first = weave.place(old[0].identity)
        end = weave.place(after) if after else inf
        its = {letter.identity for letter in old}
        self._now = now
        self._all = {index for index, letter in enumerate(now) if first <= letter.place < end}
        self._own = {index for index in self._all if now[index].identity in its}
        self._begun = [each for each in heads if each.start in self._all]
        self._foremost = min([*self._own, *(each.start for each in self._begun)])

    def leaving(self) -> set[int]:
        """What gives way: neither its own, nor another section, nor the end of the text before."""
        staying = set(self._own)
        for each in self._begun:
            body = range(each.start, each.end)
            if self._own.isdisjoint(body):
                staying.update(body)
        return {index for index in self._all - staying if index >= self._foremost}

    def ahead(self, old: Sequence[Letter]) -> int:
        """How many letters of the section have to come behind the end of the text before it.

        Whoever deletes and writes in one place may have put that behind them, among the IDs.
        """
        if min(self._all) == self._foremost:
            return 0
        first = self._now[min(self._own)].identity
        return next(index for index, letter in enumerate(old) if letter.identity == first)


def _right_before(stands: Letter, wanted: Sequence[Letter]) -> Gap:
    """A gap right in front of a letter that stands, wherever the wanted ones stood in the weave."""
    return Gap(-1, wanted=[_nowhere(letter) for letter in wanted], until=stands.identity)


def _nowhere(letter: Letter) -> Letter:
    """Leave its place to the gap."""
    return letter._replace(place=-1)


def _in_place_of(
    other: Headed, old: Sequence[Letter], now: Sequence[Letter], copied: set[int]
) -> Iterator[Gap]:
    """The section takes the place of another one, wherever it stood."""
    gap = Gap(now[other.start - 1].place if other.start else -1)
    gap.standing += now[other.start : other.end]
    gap.wanted += map(_nowhere, old)
    if other.end < len(now):
        gap.before, gap.until = now[other.end].place, now[other.end].identity
    yield gap
    for index in sorted(copied.difference(range(other.start, other.end))):
        yield Gap(-1, standing=[now[index]])
