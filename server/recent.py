"""Recent: what was read a moment ago need not be read again.

A thousand clients that come back at once ask for the same few things. Those who ask for the same
at the same time wait for one reading; a reading that failed is not kept.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from anyio import to_thread

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Reading(Generic[V]):
    """A value, or a value to be."""

    task: asyncio.Task[V]
    until: float

    @property
    def succeeded(self) -> bool:
        """Whether the value is there."""
        task = self.task
        return task.done() and not task.cancelled() and task.exception() is None


class Recent(Generic[K, V]):
    """Values by key, `most` of them, each good for `seconds` by `clock`; `read` has a thread."""

    def __init__(
        self, read: Callable[[K], V], seconds: float, most: int, clock: Callable[[], float]
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._readings: dict[K, _Reading[V]] = {}

    def __len__(self) -> int:
        """How many values are kept."""
        return len(self._readings)

    async def get(self, key: K) -> V:
        """Give the value, read at most `seconds` ago; raises what `read` raises."""
        reading = self._readings.get(key)
        if reading is None or reading.until <= self._clock():
            reading = self._start(key)
        if reading.task.done():
            return reading.task.result()
        return await asyncio.shield(reading.task)  # others may wait for it, too

    def _start(self, key: K) -> _Reading[V]:
        self._readings.pop(key, None)
        task = asyncio.create_task(to_thread.run_sync(self._read, key))
        reading = _Reading(task, self._clock() + self._seconds)
        self._readings[key] = reading
        if len(self._readings) > self._most:
            del self._readings[next(iter(self._readings))]
        task.add_done_callback(lambda _: self._forget_failed(key, reading))
        return reading

    def _forget_failed(self, key: K, reading: _Reading[V]) -> None:
        if not reading.succeeded and self._readings.get(key) is reading:
            del self._readings[key]

    def forget(self, which: Callable[[V], bool]) -> None:
        """Forget values, and what is being read just now."""
        self._readings = {
            key: reading
            for key, reading in self._readings.items()
            if reading.succeeded and not which(reading.task.result())
        }
