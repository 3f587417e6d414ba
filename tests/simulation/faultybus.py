"""A bus that keeps less than its promise: it loses, repeats, reorders, and stalls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import copy_context

from server.bus import Bus, Heard, Missed
from tests.simulation.chance import Chance
from tests.simulation.storage import Disk

LATE = 0.3  # mean seconds that a message is behind those that overtake it
TOLD = 0.5  # mean seconds until somebody hears that something was lost


class FaultyBus:
    """An endpoint of a real bus; once it is `cut` nothing gets in or out."""

    def __init__(self, bus: Bus, disk: Disk, chance: Chance, latency: float) -> None:
        self.cut = False
        self._bus = bus
        self._disk = disk
        self._chance = chance
        self._latency = latency
        self._stalled_until = 0.0
        self._loop = asyncio.get_running_loop()

    @property
    def alone(self) -> bool:
        return self._bus.alone

    @property
    def trouble(self) -> str | None:
        return "the bus stalls" if self._loop.time() < self._stalled_until else None

    def stall(self, seconds: float) -> None:
        """Let nothing through for a while; then all of it comes."""
        self._stalled_until = self._loop.time() + seconds

    @asynccontextmanager
    async def listening(self, heard: Heard, missed: Missed) -> AsyncIterator[None]:
        self._heard, self._missed = heard, missed
        self._context = copy_context()
        async with self._bus.listening(self._hear, missed):
            yield
        self.cut = True

    def publish(self, article: int, message: bytes) -> None:
        if not self.cut:
            self._bus.publish(article, message)

    async def join(self, article: int) -> None:
        """Join, or have it done later and say so then, as when the bus does not answer."""
        if self._happens(self._disk.troubles.message_lost):
            self._loop.call_later(self._chance.lasts(TOLD), self._join_late, article)
            return
        await asyncio.sleep(self._chance.lasts(self._latency))
        await self._bus.join(article)

    def _join_late(self, article: int) -> None:
        if not self.cut:
            self._loop.create_task(self._bus.join(article), name="joins late")
            self._tell()

    def leave(self, article: int) -> None:
        self._bus.leave(article)

    def _hear(self, article: int, message: bytes) -> None:
        troubles = self._disk.troubles
        if self._happens(troubles.message_lost):
            if self._happens(troubles.loss_told):
                self._loop.call_later(self._chance.lasts(TOLD), self._tell, context=self._context)
            return
        for _ in range(1 + self._happens(troubles.message_repeated)):
            late = self._chance.lasts(LATE) if self._happens(troubles.message_late) else 0.0
            due = self._loop.time() + self._chance.lasts(self._latency) + late
            when = max(due, self._stalled_until)
            self._loop.call_at(when, self._pass_on, article, message, context=self._context)

    def _pass_on(self, article: int, message: bytes) -> None:
        if not self.cut:
            self._heard(article, message)

    def _tell(self) -> None:
        if not self.cut:
            self._missed()

    def _happens(self, probability: float) -> bool:
        return self._chance.happens(probability)
