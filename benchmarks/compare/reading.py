"""What a line was told, read after the clock has stopped: which IDs came, and when."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from benchmarks.compare.lines import Line
from crdt.limits import UpdateLimits
from crdt.update import decode_update

GENEROUS = UpdateLimits(size=1 << 30, structs=1 << 30, deletions=1 << 30, clients=1 << 30)


class Run(NamedTuple):
    """Consecutive IDs of one client."""

    client: int
    start: int
    end: int


@lru_cache(maxsize=1 << 17)
def runs(update: bytes) -> tuple[Run, ...]:
    """The IDs that an update brings; every receiver gets the same bytes, so it is read once."""
    structs = decode_update(update, GENEROUS).structs
    return tuple(Run(each.client, each.clock, each.clock + each.length) for each in structs)


class Reader:
    """Follows what one line has been told."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.reached: dict[int, int] = {}  # client id -> next clock, as far as nothing is missing

    def news(self) -> Iterator[tuple[float, Run]]:
        """Yield what is new to the line, with its time; repetitions and what lies beyond a gap
        are left out.
        """
        reached = self.reached
        for at, _, update in self._line.updates():
            for client, start, end in runs(update):
                known = reached.get(client, 0)
                if start <= known < end:
                    reached[client] = end
                    yield at, Run(client, known, end)

    def missing(self, expected: Mapping[int, int]) -> int:
        """How many IDs have not come of clients that wrote so many."""
        for _ in self.news():
            pass
        return sum(max(0, end - self.reached.get(each, 0)) for each, end in expected.items())
