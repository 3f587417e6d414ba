"""Pace: under load a pause between two turns lets more edits share the next one.

A turn costs the same wake-ups and writes however many edits are in it. The pause is as long as the
turn before was busy, times a factor: after the turn of a lone keystroke there is next to none.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

PAUSE_FACTOR = 10.0  # how often the time that a turn kept the event loop busy fits into the pause
MOST_PAUSE = 0.008  # seconds; nobody's edit waits longer for its turn than this


class Pace:
    """When the next turn may begin."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._next = 0.0

    def worked(self, seconds: float) -> None:
        """Note that a turn has ended which kept the event loop busy for so long."""
        self._next = self._clock() + min(MOST_PAUSE, seconds * PAUSE_FACTOR)

    @property
    def left(self) -> float:
        """Seconds until the next turn may begin; 0 or less when it may."""
        return self._next - self._clock()

    async def rest(self, stopping: asyncio.Event) -> None:
        """Wait until the next turn may begin, or no longer when everything stops."""
        if (left := self.left) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await stopping.wait()
