"""The workloads: people at one instance write, people at the other read it."""

from collections.abc import Sequence

from benchmarks.cluster.pair import Pair
from benchmarks.compare.bench import Bench, Column, Workload
from benchmarks.compare.lines import Line, Seat
from benchmarks.compare.running import Running
from benchmarks.compare.workloads.crowd import Crowd, Typist
from benchmarks.compare.workloads.writer import READERS, OneWriter


class Across(Crowd):
    """A crowd, every second of whom is at the other instance; latency is from one to the other."""

    def __init__(self, name: str, title: str, members: int, rate: float) -> None:
        super().__init__(name, title, 1, members, members, rate)
        self.columns: Sequence[Column] = (
            Column("p50", "median latency, ms", ".2f", compared=True),
            Column("p99", "p99 latency, ms", compared=True),
            Column("cpu_per_update", "CPU per update, us"),
            Column("missing", "characters missing", ".0f"),
        )
        self._sides: dict[Line, int] = {}

    def _seated(self, bench: Bench, running: Running, seats: Sequence[Seat]) -> list[Line]:
        assert isinstance(running, Pair)
        sides = [number % 2 for number in range(len(seats))]
        lines = running.seat(bench.server, seats, sides)
        self._sides = dict(zip(lines, sides, strict=True))
        return lines

    def _timed(self, line: Line, typist: Typist) -> bool:
        return self._sides[line] != self._sides[typist.line]


class OneWriterAcross(OneWriter):
    """The writer is at the first instance, all readers are at the second."""

    name = "one-writer-across"
    title = f"One writer as fast as it can, {READERS} readers at the other instance"

    def _seated(self, bench: Bench, running: Running, seats: Sequence[Seat]) -> list[Line]:
        assert isinstance(running, Pair)
        return running.seat(bench.server, seats, [0] + [1] * READERS)


WORKLOADS: tuple[Workload, ...] = (
    OneWriterAcross(),
    Across("two-across", "Two people, one at each instance, typing 5 characters/s", 2, 5.0),
    Across("twenty-across", "20 people, ten at each instance, typing 5 characters/s", 20, 5.0),
    Across("hundred-across", "100 people, 50 at each instance, typing 5 characters/s", 100, 5.0),
)
