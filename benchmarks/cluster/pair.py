"""Two instances of a server over the same data, and a bench that runs them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.compare.bench import Bench
from benchmarks.compare.lines import Line, Seat, join
from benchmarks.compare.running import Running, start
from benchmarks.compare.servers import Server


class Pair(Running):
    """Two instances: what they take, they take together; a client is at the one or the other."""

    def __init__(self, first: Running, second: Running) -> None:
        self.both = (first, second)
        self.port = first.port

    def cpu(self) -> float:
        """CPU seconds of both up to now."""
        return sum(each.cpu() for each in self.both)

    def memory(self) -> int:
        """Resident bytes of both."""
        return sum(each.memory() for each in self.both)

    def kill(self) -> None:
        """End every process of both."""
        for each in self.both:
            each.kill()

    def stop(self) -> None:
        """Ask both to end."""
        for each in self.both:
            each.stop()

    def seat(self, server: Server, seats: Sequence[Seat], sides: Sequence[int]) -> list[Line]:
        """Let everybody in at the instance that is named for them, 0 or 1."""
        lines: dict[int, Line] = {}
        for side, running in enumerate(self.both):
            numbers = [number for number, each in enumerate(sides) if each == side]
            joined = join(server, running, [seats[number] for number in numbers])
            lines.update(zip(numbers, joined, strict=True))
        return [lines[number] for number in range(len(seats))]


class Instances(Bench):
    """A bench whose server is two instances on one core."""

    @contextmanager
    def running(self) -> Iterator[Pair]:
        """Run both for a block."""
        command = self.server.command(self.data)
        logs = (self.log, self.data.with_suffix(".second.log"))
        first = start(command, logs[0], self.core)
        try:
            pair = Pair(first, start(command, logs[1], self.core))
        except RuntimeError:
            first.stop()
            raise
        try:
            yield pair
        finally:
            pair.stop()
