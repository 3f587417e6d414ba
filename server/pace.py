"""Pace: under load a turn waits for more edits to share it; a lone keystroke waits for nothing.

A turn costs the same wake-ups, writes and sends however many edits are in it. So once turns keep
the event loop busy for more than a small share of the time, the next one begins some milliseconds
after its first edit has come: as late as it may, if that edit is to be stored in good time.
"""

import asyncio
from collections.abc import Callable
from math import exp
from time import monotonic

GOOD_TIME = 0.0095  # seconds from an edit's coming to its being stored
BUSY = 0.09  # a share from which on good time is longer: here turns are dear, or rooms are many
PATIENCE = 0.15  # seconds that it is longer for each further whole share
MOST_PATIENCE = 0.0045  # seconds that it is longer, at most
LEAST = 0.005  # of waiting where that is out of reach: to hurry would take the more of what lacks
MEMORY = 0.25  # seconds in which the share of busy time is forgotten by two thirds
LIGHT = 0.08  # a share up to which nothing waits: a score of people at each of two processes
STRETCH = 1.0  # seconds of waiting for each further whole share: one per cent more, and it is all


class Pace:
    """When the next turn may begin."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._share = 0.0  # of the time in which turns kept the loop busy, lately
        self._noted = clock()  # when the share was that
        self._next = self._begins = self._noted
        self._excess = Excess()

    def asked(self) -> None:
        """Note that the first edit of the next turn has come."""
        now = self._clock()
        self._next = now + self._gathering(now)

    def _gathering(self, now: float) -> float:
        """How long a first edit that comes now waits for others."""
        share = self._share_at(now)
        patience = max(0.0, min((share - BUSY) * PATIENCE, MOST_PATIENCE))
        in_time = GOOD_TIME + patience - self._excess.likely
        return max(0.0, min((share - LIGHT) * STRETCH, max(LEAST, in_time)))

    def _share_at(self, now: float) -> float:
        return self._share * exp((self._noted - now) / MEMORY)

    def worked(self, stored: float, busy: float) -> None:
        """Note that a turn has ended, when it was stored, and for how long the loop was busy."""
        now = self._clock()
        self._share, self._noted = self._share_at(now) + busy / MEMORY, now
        self._excess.note(stored - self._begins)

    @property
    def left(self) -> float:
        """Seconds until the next turn may begin; 0 or less when it may."""
        return self._next - self._clock()

    async def rest(self) -> None:
        """Wait until the next turn may begin."""
        if (left := self.left) > 0:
            await asyncio.sleep(left)
        self._begins = self._next


class Excess:
    """How much longer than they were meant to wait the first edits of turns did: the turn itself.

    Estimated as TCP does its round trips (RFC 6298): a smoothed mean, and a smoothed deviation.
    """

    def __init__(self) -> None:
        self._mean = self._deviation = 0.0

    def note(self, seconds: float) -> None:
        """Note one more."""
        self._deviation += (abs(seconds - self._mean) - self._deviation) / 4
        self._mean += (seconds - self._mean) / 8

    @property
    def likely(self) -> float:
        """Seconds that few of the next ones exceed."""
        return self._mean + 2 * self._deviation
