"""Pace: under load turns begin less often, so that more edits share the next one.

A turn costs the same wake-ups and writes however many edits are in it. From the beginning of one
turn to the next there are at least so many times as long as it kept the event loop busy: after the
turn of a lone keystroke that is next to nothing, and a turn that took long itself needs no pause.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

FACTOR = 16.0  # between turns there is so many times what they kept the event loop busy
MOST_SECONDS = 0.008  # from the beginning of a turn; nobody's edit waits longer for its turn


class Pace:
    """When the next turn may begin."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._next = 0.0

    def worked(self, began: float, busy: float) -> None:
        """Note that a turn has ended, when it began and for how long it kept the loop busy."""
        self._next = began + min(MOST_SECONDS, busy * FACTOR)

    @property
    def left(self) -> float:
        """Seconds until the next turn may begin; 0 or less when it may."""
        return self._next - self._clock()

    async def rest(self) -> None:
        """Wait until the next turn may begin."""
        if (left := self.left) > 0:
            await asyncio.sleep(left)
