"""Pace: under load a turn waits for more edits to share it; a lone keystroke waits for nothing.

A turn costs the same wake-ups, writes and sends however many edits are in it. So once turns keep
the event loop busy for more than a small share of the time, the next one begins some milliseconds
after its first edit has come: as late as it may, if that edit is to be stored in good time. Busy is
processor time: what others take of a core that is shared is not to be saved by waiting.
"""

from collections.abc import Callable
from math import exp
from time import monotonic

GOOD_TIME = 0.0085  # seconds from an edit's coming to its being stored, but for patience:
DEAR = 0.0015  # a turn takes more of the loop's seconds than this where hundreds of members are
PATIENCE = 3.5  # seconds that good time is longer for each second above
MOST_PATIENCE = 0.0035  # seconds
ROOM_PATIENCE = 0.002  # seconds that good time is longer for each further room of a turn: what all
MOST_ROOM_PATIENCE = 0.014  # (seconds) of them cost once is more than what their edits cost
LEAST = 0.005  # of waiting where that is out of reach: to hurry would take the more of what lacks
STEP = 0.0005  # seconds by which the likely excess moves after a turn, at most
MEMORY = 0.25  # seconds in which the share of busy time is forgotten by two thirds
LIGHT = 0.07  # a share up to which nothing waits
STRETCH = 1.0  # seconds of waiting for each further whole share: one per cent more, and it is all


class Pace:
    """When the next turn may begin."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._share = 0.0  # of the time in which turns kept the loop busy, lately
        self._noted = clock()  # when the share was that
        self._next = self._begins = self._noted
        self._rooms = 1.0  # in a turn, lately
        self._busy = 0.0  # seconds that a turn kept the loop busy, lately
        self._excess = Excess()

    def asked(self) -> float:
        """Note that the first edit of the next turn has come; give the seconds that it waits."""
        now = self._clock()
        wait = self._gathering(now)
        self._next = now + wait
        return wait

    def begins(self) -> None:
        """Note that the next turn begins; it was meant to when its first edit had waited."""
        self._begins = min(self._next, self._clock())

    def _gathering(self, now: float) -> float:
        """How long a first edit that comes now waits for others."""
        share = self._share_at(now)
        patience = _bounded((self._busy - DEAR) * PATIENCE, MOST_PATIENCE)
        patience += _bounded((self._rooms - 1) * ROOM_PATIENCE, MOST_ROOM_PATIENCE)
        in_time = GOOD_TIME + patience - self._excess.likely
        return _bounded((share - LIGHT) * STRETCH, max(LEAST, in_time))

    def _share_at(self, now: float) -> float:
        return self._share * exp((self._noted - now) / MEMORY)

    def worked(self, stored: float, busy: float, rooms: int) -> None:
        """Note when a turn of so many rooms was stored, and the processor time that it took."""
        now = self._clock()
        self._rooms += (rooms - self._rooms) / 8
        self._busy += (busy - self._busy) / 8
        self._share, self._noted = self._share_at(now) + busy / MEMORY, now
        self._excess.note(stored - self._begins)


def _bounded(seconds: float, most: float) -> float:
    return max(0.0, min(seconds, most))


class Excess:
    """How much longer than they were meant to wait the first edits of turns did: the turn itself.

    A running estimate of a quantile (Robbins and Monro, 1951). A mean would follow the few commits
    that a disk takes ten times as long over.
    """

    def __init__(self) -> None:
        self.likely = 0.0  # seconds that one in ten exceeds

    def note(self, seconds: float) -> None:
        """Note one more."""
        self.likely += STEP * (0.9 if seconds > self.likely else -0.1)
