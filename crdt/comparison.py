"""Comparison: what came, went and moved between two points of the log, with everybody's names.

The same ID is the same text. So is a copy that was carried, and where that stands in the place of
its original nothing has changed. Text that went in one place and came in another has moved: as a
carried copy, or as an equal passage of some length, which cutting and pasting makes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, takewhile
from typing import Literal, NamedTuple

from crdt.alignment import Alignment, Common
from crdt.attribution import Attribution
from crdt.letters import Gap, Letter, gaps
from crdt.sayings import Removed, removed
from crdt.standing import Standing
from crdt.weave import Weave

PASSAGE = 20  # code points of a passage that is told as moved, at least
CANDIDATES = 8  # equal passages among which the longest is looked for

Kind = Literal["inserted", "deleted"]


class Change(NamedTuple):
    """Text that stands on one side only, side by side, of one author, and brought by one.

    It begins at `start` of the earlier text (`deleted`) or of the later one (`inserted`), and would
    be at `opposite` of the other; code points. Its first character was written in the minute
    `at_ms` (Unix ms). Who took it away, and in which minute, is None where it was inserted. The two
    ends of a move have the same number `move`.
    """

    kind: Kind
    start: int
    opposite: int
    text: str
    author: str
    at_ms: int
    carried_by: str | None
    deleted_by: str | None
    deleted_at_ms: int | None
    move: int | None


@dataclass(eq=False, slots=True)
class _Mark:
    """A letter that stands on one side only, in the stretch `run` of such letters of its kind."""

    letter: Letter
    kind: Kind
    start: int
    opposite: int
    gap: int
    run: int
    gone: Removed | None = None
    move: int | None = None

    def one(self) -> tuple[object, ...]:
        """Equal for marks that are told as one change when they follow each other."""
        said = self.letter.said
        return self.run, said.author, said.carried_by, self.gone, self.move

    def follows(self, other: "_Mark") -> bool:
        """Whether it stands right behind the other."""
        return (self.run, self.start) == (other.run, other.start + 1)


def comparison(weave: Weave, ledger: Attribution, stood: Standing) -> list[Change]:
    """Compare what stands with what `stood` at an earlier point, in document order."""
    marks = list(_marks(gaps(weave, ledger, stood)))
    gone = [mark for mark in marks if mark.kind == "deleted"]
    came = [mark for mark in marks if mark.kind == "inserted"]
    removers = removed(ledger.deletes)
    for mark in gone:
        ((_, mark.gone),) = removers.of(*mark.letter.identity, 1)
    _number([*_carried(gone, came), *_equal(gone, came)])
    return [_change(list(run)) for _, run in groupby(marks, _Mark.one)]


def _marks(differing: Iterable[Gap]) -> Iterator[_Mark]:
    earlier = later = run = 0
    for number, gap in enumerate(differing):
        earlier, later = earlier + gap.kept, later + gap.kept
        wanted, standing = gap.wanted, gap.standing
        at = other = 0
        for left, right, length in [*_same(gap), (len(wanted), len(standing), 0)]:
            run += 2
            for letter in wanted[at:left]:
                yield _Mark(letter, "deleted", earlier, later, number, run)
                earlier += 1
            for letter in standing[other:right]:
                yield _Mark(letter, "inserted", later, earlier, number, run + 1)
                later += 1
            at, other = left + length, right + length
            earlier, later = earlier + length, later + length


def _same(gap: Gap) -> Iterator[Common]:
    """Copies that stand in the place of their originals."""
    wanted, standing = ([each.source for each in side] for side in (gap.wanted, gap.standing))
    return iter(()) if set(wanted).isdisjoint(standing) else _ALIGNMENT.of(wanted, standing)


_ALIGNMENT = Alignment(lambda _: False)

Pair = tuple[_Mark, _Mark]  # of one letter: where it went, where it came


def _carried(gone: Iterable[_Mark], came: Iterable[_Mark]) -> Iterator[Pair]:
    """What came as a carried copy of what went."""
    originals = {mark.letter.source: mark for mark in gone}
    for mark in came:
        original = originals.pop(mark.letter.source, None)
        if original is not None:
            mark.move = original.move = 0
            yield original, mark


def _equal(gone: Iterable[_Mark], came: Iterable[_Mark]) -> Iterator[Pair]:
    """What came in another gap than an equal passage went from."""
    seeds: dict[str, list[tuple[list[_Mark], int]]] = {}
    for run in _runs(gone):
        text = _text(run)
        for start in range(len(text) - PASSAGE + 1):
            seeds.setdefault(text[start : start + PASSAGE], []).append((run, start))
    for run in _runs(came):
        text, at = _text(run), 0
        while at <= len(text) - PASSAGE:
            pairs = _longest(seeds.get(text[at : at + PASSAGE], ()), run, at)
            for pair in pairs:
                pair[0].move = pair[1].move = 0
            yield from pairs
            at += len(pairs) or 1


def _runs(marks: Iterable[_Mark]) -> list[list[_Mark]]:
    """Side by side, and not moved."""
    runs: list[list[_Mark]] = []
    for mark in marks:
        if mark.move is None:
            if runs and mark.follows(runs[-1][-1]):
                runs[-1].append(mark)
            else:
                runs.append([mark])
    return runs


def _text(run: Iterable[_Mark]) -> str:
    return "".join(mark.letter.text for mark in run)


def _longest(found: Sequence[tuple[list[_Mark], int]], run: Sequence[_Mark], at: int) -> list[Pair]:
    """The longest passage of those that begin as the run does at `at`, and is free yet."""
    best: list[Pair] = []
    for other, start in found[:CANDIDATES]:
        pairs = list(
            takewhile(
                _is_move, zip(islice(other, start, None), islice(run, at, None), strict=False)
            )
        )
        best = max(best, pairs, key=len)
    return best if len(best) >= PASSAGE else []


def _is_move(pair: Pair) -> bool:
    went, came = pair
    free = went.move is None and went.gap != came.gap
    return free and went.letter.text == came.letter.text


def _number(pairs: Sequence[Pair]) -> None:
    """Give both ends of each move its number, in order of where they came."""
    number, before = 0, None
    for went, came in sorted(pairs, key=lambda pair: pair[1].start):
        if before is None or not (went.follows(before[0]) and came.follows(before[1])):
            number += 1
        went.move = came.move = number
        before = went, came


def _change(marks: Sequence[_Mark]) -> Change:
    first = marks[0]
    said, gone = first.letter.said, first.gone
    return Change(
        first.kind,
        first.start,
        first.opposite,
        _text(marks),
        said.author,
        said.at_ms,
        said.carried_by,
        gone and gone.author,
        gone and gone.at_ms,
        first.move,
    )
