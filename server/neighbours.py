"""The neighbours: what this process tells the others over the bus, and what it hears from them.

Nothing here is needed for the truth: rows that are not heard of are read from the log, and presence
is told anew all the time.
"""

import asyncio
import secrets
from collections.abc import Iterable
from contextlib import AsyncExitStack
from time import monotonic
from typing import Self

from crdt.errors import Refusal
from server.bus import Bus
from server.follower import Follower
from server.news import (
    WHO_IS_HERE,
    News,
    Present,
    Shown,
    Stored,
    decode_news,
    encode_present,
    encode_stored,
)
from server.register import Register
from server.room import Room
from server.telemetry import Telemetry
from server.turn import Turn

TELL_SECONDS = 3.0  # how often everybody's presence is told again
SILENT_SECONDS = 8.0  # after which a process is taken for gone
ROOMS_AT_ONCE = 100  # told of before the loop may do something else


class Neighbours:
    """`async with Neighbours(...)`: news go out and come into the rooms of a register."""

    def __init__(
        self, bus: Bus, register: Register, follower: Follower, telemetry: Telemetry
    ) -> None:
        self._bus = bus
        self._register = register
        self._follower = follower
        self._telemetry = telemetry
        self._process = secrets.token_urlsafe(12)
        self._early: set[int] = set()  # articles that were heard of while they were being loaded
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        listening = self._bus.listening(self._heard, self._follower.look_everywhere)
        await self._stack.enter_async_context(listening)
        if not self._bus.alone:
            tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
            self._stack.callback(tasks.create_task(self._tell(), name="neighbours").cancel)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    @property
    def trouble(self) -> str | None:
        """Why nothing is heard, a clause for people; None: there is no trouble."""
        return self._bus.trouble

    async def join(self, article: int) -> None:
        """Hear of an article, before its log is read."""
        await self._bus.join(article)

    def opened(self, article: int) -> None:
        """Ask who is in an article, now that its room is there; look for what came too early."""
        if not self._bus.alone:
            self._bus.publish(article, WHO_IS_HERE)
        if article in self._early:
            self._early.discard(article)
            self._follower.look(article)

    def leave(self, article: int) -> None:
        """Hear nothing more of an article."""
        self._bus.leave(article)
        self._early.discard(article)

    async def tell_stored(self, turns: Iterable[tuple[Turn, int]]) -> None:
        """Tell of turns that are stored, each with the seq of its first row."""
        if self._bus.alone:
            return
        for turn, first in turns:
            news = encode_stored(first, turn.at_ms, turn.append.rows)
            self._bus.publish(turn.append.article, news)
        await asyncio.sleep(0)  # what is written in one turn of the loop goes out at its end

    def tell_present(self, article: int, shown: Iterable[Shown]) -> None:
        """Tell of presence that has changed here."""
        if not self._bus.alone:
            self._bus.publish(article, encode_present(self._process, shown, whole=False))

    def _heard(self, article: int, message: bytes) -> None:
        room = self._register.find(article)
        if room is None:
            self._early.add(article)
            return
        try:
            news = decode_news(message)
        except (IndexError, ValueError, Refusal):
            self._telemetry.fault("News of another process could not be read.")
            self._follower.look(article)
        else:
            self._take(room, news)

    def _take(self, room: Room, news: News) -> None:
        if isinstance(news, Stored):
            self._follow(room, news)
        elif isinstance(news, Present):
            room.audience.hear(news, monotonic())
        else:
            self._tell_everybody(room)

    def _follow(self, room: Room, news: Stored) -> None:
        """Take rows in at once; where a name is not known, the log is read, and the name."""
        if room.audience.strangers(arrival.edit.author for arrival in news.arrivals):
            self._follower.look(room.article)
        else:
            self._follower.follow(room, news.arrivals)

    def _tell_everybody(self, room: Room) -> None:
        if shown := room.audience.shown_here():
            news = encode_present(self._process, shown, whole=True)
            self._bus.publish(room.article, news)

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            for number, room in enumerate(list(self._register.rooms().values()), start=1):
                self._tell_everybody(room)
                room.audience.forget(monotonic() - SILENT_SECONDS)
                if not number % ROOMS_AT_ONCE:
                    await asyncio.sleep(0)
