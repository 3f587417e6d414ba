"""One writer as fast as it can: keystrokes one after another, each a message, nobody waits."""

import time
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, islice

from benchmarks.compare.bench import Bench, Column, Figures, client_of
from benchmarks.compare.keystrokes import client_id, typing
from benchmarks.compare.lines import READ_BYTES, Line, join
from benchmarks.compare.load import TURN, Cost, Load, clock
from benchmarks.compare.ours import article
from benchmarks.compare.reading import Reader

READERS = 5
MOST_PER_SECOND = 100_000  # keystrokes that are made in advance, for each second
MICRO = 1e6


class OneWriter:
    """Measures how many updates a second reach every reader."""

    name = "one-writer"
    title = f"One writer as fast as it can, {READERS} readers"
    durable_only = False
    columns = (
        Column("rate", "updates/s", ",.0f", compared=True),
        Column("cpu_per_update", "CPU per update, us"),
        Column("missing", "characters missing", ".0f"),
    )

    def measure(self, bench: Bench) -> Figures:
        """Write until the time is over, then wait until all have come."""
        with bench.running() as running:
            seats = [(article(0), number) for number in range(READERS + 1)]
            lines = join(bench.server, running, seats)
            client = client_id(bench.chance)
            count = int(MOST_PER_SECOND * bench.seconds)
            updates = islice(typing(client, (None, None)), count)
            frames = [lines[0].frame(each) for each in updates]
            load = Load(lines, lines)
            with clock(running) as cost:
                began = time.perf_counter()
                sent = _pour(load, lines[0], frames, began + bench.seconds)
                load.settle()
        readers = [Reader(line) for line in lines[1:]]
        ended = max(_complete_at(reader) for reader in readers)
        missing = sum(reader.missing({client: sent}) for reader in readers)
        return _figures(sent, ended - began, cost) | {"missing": missing}


def _pour(load: Load, writer: Line, frames: Sequence[bytes], until: float) -> int:
    """Send as fast as the socket takes it; how many whole frames went out."""
    ends = list(accumulate(map(len, frames)))
    data = memoryview(b"".join(frames))
    pos, stop = 0, len(data)
    while pos < stop:
        if stop == len(data) and time.perf_counter() > until:
            stop = ends[bisect_left(ends, pos)]
        try:
            pos += writer.sock.send(data[pos : min(pos + READ_BYTES, stop)])
            load.listen(0)
        except BlockingIOError:
            load.listen(TURN)
    return bisect_left(ends, pos) + 1


def _complete_at(reader: Reader) -> float:
    return max((at for at, _ in reader.news()), default=0.0)


def _figures(sent: int, seconds: float, cost: Cost) -> dict[str, float]:
    return {
        "rate": sent / seconds,
        "updates": sent,
        "cpu_per_update": cost.server / sent * MICRO,
        **client_of(cost),
    }
