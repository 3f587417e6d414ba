"""A tally: how many characters (code points) each author wrote, keeps and took away.

A character is known by the ID that it was first written under, so that text which was deleted and
brought back between two points is neither deleted nor inserted.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.sayings import Removed, Sayings, removed, written
from crdt.stretches import Stretch
from crdt.structs import ID, Kind
from crdt.utf16 import utf16_length, utf16_split
from crdt.weave import Weave

_STRING = int(Kind.STRING)


class Count(NamedTuple):
    """What an author has to do with a point in the log, compared with an earlier one.

    `kept` of the author's characters stood there before, `inserted` did not. `deleted` stood there
    before, whoever wrote them, and this author took them away.
    """

    author: str
    inserted: int
    deleted: int
    kept: int


class Loss(NamedTuple):
    """How much of what an author wrote stood there before, and was taken away by whom."""

    author: str
    deleted_by: str
    length: int


def losses(
    before: Iterable[Stretch], now: Iterable[Stretch], ledger: Attribution
) -> tuple[Loss, ...]:
    """Tell who took away whose text, in order of their ids; `ledger` is that of the later point."""
    lost: Counter[tuple[str, str]] = Counter()
    deletes = removed(ledger.deletes)
    for stretch, text, clock, stands in _parts(before, _Ground(now)):
        if not stands:
            for taker, length in _takers(deletes, (stretch.client, clock), text).items():
                lost[stretch.author, taker] += length
    return tuple(Loss(*who, length) for who, length in sorted(lost.items()))


def tally(
    before: Iterable[Stretch], now: Iterable[Stretch], lost: Iterable[Loss]
) -> tuple[Count, ...]:
    """Count for each author, in order of their ids; `lost` is between the same two points."""
    inserted: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for stretch, text, _, stood in _parts(now, _Ground(before)):
        (kept if stood else inserted)[stretch.author] += len(text)
    deleted: Counter[str] = Counter()
    for loss in lost:
        deleted[loss.deleted_by] += loss.length
    return tuple(
        Count(author, inserted[author], deleted[author], kept[author])
        for author in sorted({*inserted, *deleted, *kept})
    )


def written_by(weave: Weave, ledger: Attribution) -> dict[str, int]:
    """How much each author ever wrote, deleted or not; what was carried is no new writing."""
    said, characters = written(ledger.inserts), Counter[str]()
    for block in weave:
        if block.kind != _STRING:
            continue
        rest = str(block.content)
        for length, each in said.of(block.client, block.clock, block.length):
            text, rest = utf16_split(rest, length)
            if each.carried_from is None:
                characters[each.author] += len(text)
    return dict(characters)


def surviving(now: Iterable[Stretch]) -> dict[str, int]:
    """How much of each author's writing stands there."""
    characters: Counter[str] = Counter()
    for stretch in now:
        characters[stretch.author] += len(stretch.text)
    return dict(characters)


class _Ground:
    """The IDs under which the characters of some stretches were first written."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        clients: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for stretch in stretches:
            client, clock = stretch.source
            clients[client].append((clock, clock + stretch.length))
        self._ranges = {client: _union(ranges) for client, ranges in clients.items()}

    def parts(self, client: int, clock: int, length: int) -> Iterator[tuple[int, bool]]:
        """(length, whether these IDs are among them) of each part of a range of IDs."""
        ranges, end = self._ranges.get(client, ()), clock + length
        index = bisect_right(ranges, clock, key=_start)
        if index and ranges[index - 1][1] > clock:
            index -= 1
        while clock < end:
            start, until = ranges[index] if index < len(ranges) else (end, end)
            stands = start <= clock
            cut = min(until if stands else start, end)
            yield cut - clock, stands
            clock, index = cut, index + stands


def _union(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(start, end) of the ranges in order, those that touch as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _start(bounds: tuple[int, int]) -> int:
    return bounds[0]


def _parts(
    stretches: Iterable[Stretch], ground: _Ground
) -> Iterator[tuple[Stretch, str, int, bool]]:
    """(stretch, text, its clock, whether it stands on the ground) of each part."""
    for stretch in stretches:
        clock, rest = stretch.clock, stretch.text
        for length, stood in ground.parts(*stretch.source, stretch.length):
            text, rest = utf16_split(rest, length)
            yield stretch, text, clock, stood
            clock += length


def _takers(deletes: Sayings[Removed], first: ID, text: str) -> Counter[str]:
    """Who deleted how much of the text that stood under the IDs from `first` on."""
    taken: Counter[str] = Counter()
    for length, said in deletes.of(*first, utf16_length(text)):
        part, text = utf16_split(text, length)
        taken[said.author] += len(part)
    return taken
