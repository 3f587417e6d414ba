"""Idle connections: what somebody costs who only has the article open."""

from collections.abc import Sequence

from benchmarks.compare.bench import Bench, Column, Figures
from benchmarks.compare.lines import hang_up, join
from benchmarks.compare.load import Load
from benchmarks.compare.ours import article

CONNECTIONS = 2_000
FIRST = 10  # connections that are there before memory is looked at


class Idle:
    """Measures the memory that a connection takes."""

    name = "idle"
    title = f"{CONNECTIONS:,} idle connections to one article"
    durable_only = False
    columns: Sequence[Column] = (
        Column("memory", "memory per connection, KiB", ".1f", compared=True),
    )

    def measure(self, bench: Bench) -> Figures:
        """Open them all, wait until all are synced."""
        with bench.running() as running:
            first = join(bench.server, running, [(article(0), n) for n in range(FIRST)])
            before = running.memory()
            lines = join(bench.server, running, [(article(0), n) for n in range(CONNECTIONS)])
            Load(lines, first).settle()
            grown = running.memory() - before
            hang_up((*first, *lines))
        return {"memory": grown / CONNECTIONS / 1024}
