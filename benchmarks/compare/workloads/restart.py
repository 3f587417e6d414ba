"""After a restart: how soon the first person has a long article, read from disk."""

import time
from collections.abc import Sequence

from benchmarks.compare.bench import Bench, Column, Figures
from benchmarks.compare.lines import hang_up, join
from benchmarks.compare.load import clock
from benchmarks.compare.manuscript import manuscript, write_down
from benchmarks.compare.ours import article

SETTLED = 3.0  # seconds for what a server stores a little later
MILLI = 1e3


class Restart:
    """Measures the first join of a process that has just started."""

    name = "restart"
    title = "The process restarted, an article of 1 MB on disk: the first full sync"
    durable_only = True
    columns: Sequence[Column] = (
        Column("first_sync", "first full sync, ms", ".1f", compared=True),
        Column("cpu", "CPU, ms"),
    )

    def measure(self, bench: Bench) -> Figures:
        """Write the article down, stop, start, join."""
        with bench.running() as running:
            lines = write_down(bench.server, running, article(0), manuscript(bench.kept))
            time.sleep(SETTLED)
            hang_up(lines)
        with bench.running() as running:
            with clock(running) as cost:
                lines = join(bench.server, running, [(article(0), 0)])
            hang_up(lines)
        return {"first_sync": cost.wall * MILLI, "cpu": cost.server * MILLI}
