"""Buses for tests: endpoints that hear each other, and an ear that can wait for what it hears."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from server.bus import Bus, Hub
from server.redisbus import RedisBus
from server.telemetry import Telemetry
from tests.support.redis import Redis

KEY = "a secret that is long enough for tests"
PATIENCE = 20.0  # seconds; a test that waits for so long fails

Maker = Callable[[], Bus]


@dataclass
class Ear:
    """What was heard, in order, and how often something may have been missed."""

    heard: list[tuple[int, bytes]] = field(default_factory=list)
    missed: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, article: int, message: bytes) -> None:
        self.heard.append((article, message))
        self._changed.set()

    def miss(self) -> None:
        self.missed += 1
        self._changed.set()

    @property
    def messages(self) -> list[bytes]:
        return [message for _, message in self.heard]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def until_heard(self, message: bytes) -> None:
        await self.until(lambda: message in self.messages)


@dataclass
class Heard(Ear):
    """An ear on a bus, while that listens."""

    bus: Bus = field(kw_only=True)


@asynccontextmanager
async def on(bus: Bus, *articles: int) -> AsyncIterator[Heard]:
    """Listen, and join; what works has been seen to work by then."""
    ear = Heard(bus=bus)
    async with bus.listening(ear.hear, ear.miss):
        await working(bus)
        for article in articles:
            await bus.join(article)
        yield ear


async def working(bus: Bus) -> None:
    """Wait until there is no trouble."""
    await until(lambda: bus.trouble is None)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what nobody tells of."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - neither Redis nor a socket sets an event
            await asyncio.sleep(0.005)


def local() -> Maker:
    return Hub().endpoint


def over(server: Redis, key: str = KEY) -> RedisBus:
    return RedisBus(server.url, key, Telemetry())
