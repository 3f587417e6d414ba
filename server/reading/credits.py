"""Credits: for each character of a text who wrote it, when, and since which revision it stands."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from crdt.stretches import Stretch


class Credit(NamedTuple):
    """What is told of a run of text; times are Unix ms of whole minutes.

    `since` is the first revision that had the text, None where none has it yet.
    """

    author: str
    at_ms: int
    carried_by: str | None
    carried_at_ms: int | None
    since: int | None


class Firsts:
    """Tells the first revision that knew an ID, from the revisions' state vectors."""

    def __init__(self, revisions: Iterable[tuple[int, Mapping[int, int]]]) -> None:
        """`revisions`: in order of their numbers, each with its state vector."""
        self._steps: dict[int, tuple[list[int], list[int]]] = {}
        for number, clocks in revisions:
            for client, clock in clocks.items():
                until, numbers = self._steps.setdefault(client, ([], []))
                if not until or clock > until[-1]:
                    until.append(clock)
                    numbers.append(number)

    def pieces(self, client: int, clock: int, length: int) -> Iterator[tuple[int, int | None]]:
        """(length in UTF-16 units, first revision) of each part of the range, in order."""
        until, numbers = self._steps.get(client, ((), ()))
        index, end = bisect_right(until, clock), clock + length
        while clock < end:
            known = index < len(until)
            stop = min(end, until[index]) if known else end
            yield stop - clock, numbers[index] if known else None
            clock, index = stop, index + 1


class Credits:
    """The credits of a text, laid out for questions by place (code points)."""

    def __init__(self, said: Iterable[Stretch], firsts: Firsts) -> None:
        self.characters: Counter[str] = Counter()
        self.told: list[Credit] = []
        self._numbers: dict[Credit, int] = {}
        self._ends: list[int] = []
        self._of: list[int] = []
        for stretch in said:
            for length, credit in _cut(stretch, firsts):
                self._add(length, credit)

    def _add(self, length: int, credit: Credit) -> None:
        number = self._numbers.setdefault(credit, len(self.told))
        if number == len(self.told):
            self.told.append(credit)
        self.characters[credit.author] += length
        end = (self._ends[-1] if self._ends else 0) + length
        if self._of and self._of[-1] == number:
            self._ends[-1] = end
        else:
            self._ends.append(end)
            self._of.append(number)

    def at(self, place: int) -> int:
        """The number in `told` of the credit of one character."""
        return self._of[bisect_right(self._ends, place)]

    def runs(self, start: int, length: int) -> Iterator[tuple[int, int]]:
        """(length, number in `told`) of each run of one credit in a part of the text, in order."""
        index, end = bisect_right(self._ends, start), start + length
        while start < end:
            stop = min(end, self._ends[index])
            yield stop - start, self._of[index]
            start, index = stop, index + 1


def _cut(stretch: Stretch, firsts: Firsts) -> Iterator[tuple[int, Credit]]:
    """(length in code points, credit): a stretch cut where revisions were made within it."""
    rest = _Units(stretch.text)
    for units, since in firsts.pieces(*stretch.source, stretch.length):
        yield (
            rest.take(units),
            Credit(
                stretch.author,
                stretch.at_ms,
                stretch.carried_by,
                stretch.carried_at_ms,
                since,
            ),
        )


class _Units:
    """Counts the code points of a text's next so many UTF-16 units."""

    def __init__(self, text: str) -> None:
        wide = any(character > "\uffff" for character in text)
        self._ends = (
            list(accumulate(1 + (character > "\uffff") for character in text)) if wide else None
        )
        self._units = self._points = 0

    def take(self, units: int) -> int:
        """How many code points end within the next `units`."""
        self._units += units
        before = self._points
        if self._ends is None:
            self._points = self._units
        else:
            self._points = bisect_left(self._ends, self._units + 1)
        return self._points - before
