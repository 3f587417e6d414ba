"""Crowds: people who type at human speed, in one article or in many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from benchmarks.compare.bench import Bench, Column, Figures, client_of
from benchmarks.compare.keystrokes import Paragraphs, client_id, typing
from benchmarks.compare.lines import Line, Seat, hang_up, join
from benchmarks.compare.load import Keystroke, Load, clock
from benchmarks.compare.ours import article
from benchmarks.compare.reading import Reader
from benchmarks.compare.running import Running

WARM_SECONDS = 1.5
WATCHED = 6  # lines whose latency is measured
EARLY_OR_LATE = 0.3  # of the time between two keystrokes: nobody is a metronome
MICRO, MILLI = 1e6, 1e3


@dataclass
class Typist:
    """Somebody who types; a keystroke's number is its clock."""

    line: Line
    updates: Iterator[bytes]
    client: int
    sent: list[float] = field(default_factory=list)
    warm: int = 0  # keystrokes before the clock started

    def strokes(self, seconds: float, rate: float, chance: Random) -> Iterator[Keystroke]:
        """The keystrokes of some seconds, at so many a second."""
        phase = chance.random()
        for number, update in enumerate(islice(self.updates, int(seconds * rate))):
            late = chance.uniform(-EARLY_OR_LATE, EARLY_OR_LATE)
            at = max(0.0, (number + phase + late) / rate)
            yield Keystroke(at, self.line, self.line.frame(update), self.sent)


@dataclass
class Room:
    """An article with its people: all are in it, the first of them type."""

    lines: Sequence[Line]
    typists: Sequence[Typist]

    def expected(self) -> dict[int, int]:
        """The next clock of each typist's client."""
        return {each.client: len(each.sent) for each in self.typists}


class Crowd:
    """`articles` with `members` each, of whom `typists` type `rate` characters a second."""

    durable_only = False

    def __init__(
        self, name: str, title: str, articles: int, members: int, typists: int, rate: float
    ) -> None:
        self.name, self.title = name, title
        self._articles, self._members, self._typists = articles, members, typists
        self._rate = rate
        self.columns: Sequence[Column] = _columns(many=articles > 1)

    def measure(self, bench: Bench) -> Figures:
        """Let them in, let them type; warm up first."""
        with bench.running() as running:
            empty = running.memory()
            rooms = self._rooms(bench, running)
            lines = [line for room in rooms for line in room.lines]
            watched = lines[:: max(1, len(lines) // WATCHED)]
            load = Load(lines, watched)
            load.settle()
            load.play(self._strokes(rooms, WARM_SECONDS, bench.chance))
            load.settle()
            for typist in (each for room in rooms for each in room.typists):
                typist.warm = len(typist.sent)
            strokes = self._strokes(rooms, bench.seconds, bench.chance)
            with clock(running) as cost:
                load.play(strokes)
                load.settle()
            grown = running.memory() - empty
            hang_up(lines)
        told = self._completeness(rooms, watched)
        updates = len(strokes)
        deliveries = max(1.0, updates * self._members - told["missing"])
        return {
            "cpu_per_update": cost.server / updates * MICRO,
            "cpu_per_delivery": cost.server / deliveries * MICRO,
            "server_share": cost.server / bench.seconds,
            "memory_per_article": grown / self._articles / 1024,
            "updates": updates,
            **told,
            **client_of(cost),
        }

    def _rooms(self, bench: Bench, running: Running) -> list[Room]:
        count = self._articles * self._members
        seats = [(article(number // self._members), number) for number in range(count)]
        lines = self._seated(bench, running, seats)
        return [
            self._room(lines[start : start + self._members], bench.chance)
            for start in range(0, count, self._members)
        ]

    def _seated(self, bench: Bench, running: Running, seats: Sequence[Seat]) -> list[Line]:
        """Let them all in."""
        return join(bench.server, running, seats)

    def _timed(self, line: Line, typist: Typist) -> bool:
        """Whether the latency from a typist to a watched line is told."""
        del line, typist
        return True

    def _completeness(self, rooms: Sequence[Room], watched: Sequence[Line]) -> Figures:
        missing, latencies = 0, []
        for room in rooms:
            for line in room.lines:
                reader = Reader(line)
                if line in watched:
                    timed = [each for each in room.typists if self._timed(line, each)]
                    latencies += _latencies(reader, timed)
                missing += reader.missing(room.expected())
        return {"missing": missing} | _percentiles(sorted(latencies))

    def _room(self, lines: Sequence[Line], chance: Random) -> Room:
        page = Paragraphs(self._typists, chance)
        lines[0].send(lines[0].frame(page.update))
        typists = []
        for number, line in enumerate(lines[: self._typists]):
            client = client_id(chance)
            typists.append(Typist(line, typing(client, page.place(number)), client))
        return Room(lines, typists)

    def _strokes(self, rooms: Sequence[Room], seconds: float, chance: Random) -> list[Keystroke]:
        typists = (each for room in rooms for each in room.typists)
        strokes = [each for one in typists for each in one.strokes(seconds, self._rate, chance)]
        return sorted(strokes, key=lambda each: each.at)


def _columns(*, many: bool) -> tuple[Column, ...]:
    latency = (
        Column("p50", "median latency, ms"),
        Column("p99", "p99 latency, ms"),
        Column("missing", "characters missing", ".0f"),
    )
    if many:
        return (
            Column("cpu_per_update", "CPU per update, us", ".1f", compared=True),
            Column("memory_per_article", "memory per article, KiB", ".0f", compared=True),
            *latency,
        )
    return Column("cpu_per_delivery", "CPU per delivery, us", ".2f", compared=True), *latency


def _percentiles(latencies: Sequence[float]) -> dict[str, float]:
    if not latencies:  # nothing came in time
        return {}
    return {
        "p50": latencies[len(latencies) // 2] * MILLI,
        "p99": latencies[int(len(latencies) * 0.99)] * MILLI,
        "worst": latencies[-1] * MILLI,
    }


def _latencies(reader: Reader, timed: Sequence[Typist]) -> list[float]:
    """How long each character took to a line, of those that were typed while the clock ran."""
    typists = {each.client: each for each in timed}
    return [
        at - typists[run.client].sent[clock]
        for at, run in reader.news()
        if run.client in typists
        for clock in range(max(run.start, typists[run.client].warm), run.end)
    ]
