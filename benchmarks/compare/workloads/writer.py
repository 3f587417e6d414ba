"""One writer as fast as it can: keystrokes one after another, each a message, nobody waits."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, islice

from benchmarks.compare.bench import Bench, Column, Figures, client_of
from benchmarks.compare.keystrokes import client_id, typing
from benchmarks.compare.lines import READ_BYTES, Line, Seat, hang_up, join
from benchmarks.compare.load import TURN, Load, clock
from benchmarks.compare.ours import article
from benchmarks.compare.reading import Reader
from benchmarks.compare.running import Running

READERS = 5
MOST_PER_SECOND = 100_000  # keystrokes that are made in advance, for each second
MICRO = 1e6


class OneWriter:
    """Measures how many updates a second reach the readers while the writer writes."""

    name = "one-writer"
    title = f"One writer as fast as it can, {READERS} readers"
    durable_only = False
    columns: Sequence[Column] = (
        Column("rate", "updates/s", ",.0f", compared=True),
        Column("cpu_per_update", "CPU per update, us"),
        Column("missing", "not there 15 s later", ".0f"),
    )

    def measure(self, bench: Bench) -> Figures:
        """Write until the time is over; then wait for what is still on its way."""
        with bench.running() as running:
            seats = [(article(0), number) for number in range(READERS + 1)]
            lines = self._seated(bench, running, seats)
            client = client_id(bench.chance)
            count = int(MOST_PER_SECOND * bench.seconds)
            updates = islice(typing(client, (None, None)), count)
            frames = [lines[0].frame(each) for each in updates]
            load = Load(lines, lines)
            with clock(running) as cost:
                began = time.perf_counter()
                sent = _pour(load, lines[0], frames, began + bench.seconds)
                load.settle()
            hang_up(lines)
        came = [_arrivals(line, client) for line in lines[1:]]
        received = sum(len(each) for each in came)
        until = min(began + bench.seconds, max((each[-1] for each in came if each), default=began))
        in_time = sum(bisect_right(each, until) for each in came)
        return {
            "rate": in_time / READERS / max(until - began, TURN),
            "cpu_per_update": cost.server * READERS / max(received, 1) * MICRO,
            "updates": sent,
            "missing": sent * READERS - received,
            **client_of(cost),
        }

    def _seated(self, bench: Bench, running: Running, seats: Sequence[Seat]) -> list[Line]:
        """Let them all in, the writer first."""
        return join(bench.server, running, seats)


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


def _arrivals(line: Line, client: int) -> list[float]:
    """When each character came."""
    news = Reader(line).news()
    return [at for at, run in news if run.client == client for _ in range(run.start, run.end)]
