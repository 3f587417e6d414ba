"""The load: people who type at their times, and receivers who are drained in bulk meanwhile."""

import gc
import select
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from benchmarks.compare.lines import Line

TURN = 0.001  # seconds between two looks at the lines that are drained in bulk
ROUND = 50  # turns until each of them was looked at
CALM = 1.0  # nothing more is coming when nothing came for so long
PATIENCE = 15.0


class Keystroke(NamedTuple):
    """A frame to be sent at a time; when it was sent is noted."""

    at: float
    line: Line
    frame: bytes
    noted: list[float]


class Load:
    """Lines that are listened to: some at once, for their latency, the others now and then."""

    def __init__(
        self, lines: Iterable[Line], watched: Sequence[Line], *, turns: int = ROUND
    ) -> None:
        self._watched = {line.sock.fileno(): line for line in watched}
        self._bulk = [line for line in lines if line.sock.fileno() not in self._watched]
        self._next = 0
        self._share = len(self._bulk) // turns + 1
        self._poll = select.epoll()
        for number in self._watched:
            self._poll.register(number, select.EPOLLIN)

    def play(self, strokes: Sequence[Keystroke]) -> None:
        """Send every frame at its time, listening in between."""
        start = time.perf_counter()
        for at, line, frame, noted in strokes:
            while (left := start + at - time.perf_counter()) > 0:
                self.listen(left)
            noted.append(time.perf_counter())
            line.send(frame)

    def listen(self, seconds: float) -> int:
        """Listen for a turn at most; the number of bytes that came."""
        came = 0
        for number, _ in self._poll.poll(min(seconds, TURN)):
            came += self._watched[number].drain()
        for _ in range(self._share if self._bulk else 0):
            self._next = (self._next + 1) % len(self._bulk)
            came += self._bulk[self._next].drain()
        return came

    def settle(self) -> None:
        """Listen until nothing more comes."""
        end = time.perf_counter() + PATIENCE
        quiet_at = time.perf_counter() + CALM
        while time.perf_counter() < min(quiet_at, end):
            if self.listen(TURN):
                quiet_at = time.perf_counter() + CALM


class Measured(Protocol):
    """What takes processor time."""

    def cpu(self) -> float:
        """CPU seconds up to now."""


@dataclass
class Cost:
    """What a stretch of time has cost, in seconds; the clock of a block sets it at its end."""

    wall: float = 0.0
    server: float = 0.0
    client: float = 0.0

    @property
    def client_share(self) -> float:
        """The share of its core that the load client took while it was not only waiting."""
        return self.client / max(self.wall - CALM, TURN)


@contextmanager
def clock(running: Measured) -> Iterator[Cost]:
    """Measure a block; nothing is collected in the client meanwhile."""
    cost = Cost()
    gc.collect()
    gc.disable()
    wall, server, client = time.perf_counter(), running.cpu(), time.process_time()
    try:
        yield cost
    finally:
        cost.server = running.cpu() - server
        cost.client = time.process_time() - client
        cost.wall = time.perf_counter() - wall
        gc.enable()
