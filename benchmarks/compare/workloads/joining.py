"""Joining a long article: one after another, and twenty at once beside two who type elsewhere."""

import time
from collections.abc import Mapping, Sequence
from itertools import islice

from benchmarks.compare.bench import Bench, Column, Figures
from benchmarks.compare.keystrokes import client_id, typing
from benchmarks.compare.lines import Line, connect, hang_up, join
from benchmarks.compare.load import Keystroke, Load, clock
from benchmarks.compare.manuscript import clocks, manuscript, write_down
from benchmarks.compare.ours import article
from benchmarks.compare.reading import Reader, runs
from benchmarks.compare.running import Running

SINGLE = 10
CROWD = 20
APART = 0.005  # seconds between two keystrokes of those who type elsewhere
LEAD = 0.5  # seconds that they type before the others come
MILLI = 1e3
TURNS = 5  # until every newcomer was drained


class Joining:
    """Measures CPU per join, and the worst that the joins do to others."""

    name = "joining"
    title = "Joining an article of 1 MB: one by one, and 20 at once"
    durable_only = False
    columns: Sequence[Column] = (
        Column("cpu_per_join", "CPU per join, ms", ".2f", compared=True),
        Column("cpu_per_join_of_20", "CPU per join of 20, ms", ".2f", compared=True),
        Column("others_worst", "others' worst delay, ms"),
        Column("last_synced", "last of 20 synced after, ms", ".0f"),
        Column("missing", "characters missing", ".0f"),
    )

    def measure(self, bench: Bench) -> Figures:
        """Write the article down, then let people in."""
        with bench.running() as running:
            residents = write_down(bench.server, running, article(0), manuscript(bench.kept))
            figures = self._singles(bench, running)
            figures |= self._crowd(bench, running, residents)
            figures |= self._beside_others(bench, running, residents)
            hang_up(residents)
        return figures

    def _singles(self, bench: Bench, running: Running) -> dict[str, float]:
        lines = join(bench.server, running, [(article(0), 0)])  # what is made once is made now
        with clock(running) as cost:
            for number in range(SINGLE):
                lines += join(bench.server, running, [(article(0), number)])
        hang_up(lines)
        return {"cpu_per_join": cost.server / SINGLE * MILLI}

    def _crowd(self, bench: Bench, running: Running, residents: Sequence[Line]) -> dict[str, float]:
        lines = connect(bench.server, running, [(article(0), n) for n in range(CROWD)])
        load = Load([*lines, *residents], (), turns=TURNS)
        load.settle()
        with clock(running) as cost:
            for line in lines:
                line.greet()
            load.settle()
        hang_up(lines)
        return {"cpu_per_join_of_20": cost.server / CROWD * MILLI}

    def _beside_others(
        self, bench: Bench, running: Running, residents: Sequence[Line]
    ) -> dict[str, float]:
        typist, reader = join(bench.server, running, [(article(1), n) for n in range(2)])
        lines = connect(bench.server, running, [(article(0), n) for n in range(CROWD)])
        load = Load([*lines, *residents, typist], (reader,), turns=TURNS)
        client, sent = client_id(bench.chance), list[float]()
        updates = islice(typing(client, (None, None)), int(bench.seconds / APART))
        strokes = [
            Keystroke(number * APART, typist, typist.frame(update), sent)
            for number, update in enumerate(updates)
        ]
        before = int(LEAD / APART)
        load.play(strokes[:before])
        came_at = time.perf_counter()
        for line in lines:
            line.greet()
        load.play([each._replace(at=each.at - LEAD) for each in strokes[before:]])
        load.settle()
        synced = [_synced(line, clocks(manuscript(bench.kept))) for line in lines]
        delays = [
            at - sent[clock]
            for at, run in Reader(reader).news()
            for clock in range(run.start, run.end)
            if sent[clock] <= max(at for at, _ in synced)
        ]
        missing = sum(each for _, each in synced) + Reader(typist).missing({client: len(sent)})
        hang_up([*lines, typist, reader])
        return {
            "others_worst": max(delays) * MILLI,
            "last_synced": (max(at for at, _ in synced) - came_at) * MILLI,
            "missing": missing,
        }


def _synced(line: Line, wanted: Mapping[int, int]) -> tuple[float, int]:
    """When a newcomer had the article, and how many characters of it are missing."""
    at, _, update = next(line.updates())
    reached: dict[int, int] = {}
    for run in runs(update):
        reached[run.client] = max(run.end, reached.get(run.client, 0))
    return at, sum(max(0, end - reached.get(client, 0)) for client, end in wanted.items())
