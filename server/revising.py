"""Revising: revisions are made of themselves when they are due.

Nothing is done for that when an edit comes in: the rooms are looked at once a second. What the last
server did not come to is made up for soon after the start.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from time import monotonic
from typing import Self

from crdt.errors import Refusal
from persistence.errors import LogUnavailable
from persistence.revisions import Reason
from server.digest import Wish
from server.occasion import Occasion, Patience
from server.reviser import Reviser
from server.room import Room
from server.rooms import Rooms
from server.settings import Settings
from server.telemetry import Telemetry

LOOK_SECONDS = 1.0
START_SECONDS = 60.0  # then those who come back have come
ROOMS_AT_ONCE = 200  # looked at before the loop may do something else


class Revising:
    """`async with Revising(...)`: the rooms are watched inside, if the settings say so.

    `clock` gives monotonic seconds.
    """

    def __init__(
        self,
        rooms: Rooms,
        reviser: Reviser,
        settings: Settings,
        telemetry: Telemetry,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._rooms = rooms
        self._reviser = reviser
        self._on = settings.automatic_revisions
        self._telemetry = telemetry
        self._clock = clock
        self._patience = Patience.of(settings)
        self._occasions: dict[int, Occasion] = {}
        self._due: asyncio.Queue[tuple[int, Reason]] = asyncio.Queue()
        self._waiting: set[int] = set()  # articles that are due, or being revised
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        if self._on:
            tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
            for work in (self._watch(), self._work(), self._catch_up()):
                self._stack.callback(tasks.create_task(work, name="revising").cancel)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def look(self) -> None:
        """Take note of what has happened in the rooms, and queue what is due."""
        rooms = self._rooms.open_rooms()
        for number, room in enumerate(rooms.values(), start=1):
            self._look_at(room)
            if not number % ROOMS_AT_ONCE:
                await asyncio.sleep(0)
        for article in self._occasions.keys() - rooms.keys():
            if self._occasions.pop(article).pending:
                self._queue(article, "left")

    async def settle(self) -> None:
        """Wait until all is made that is due."""
        await self._due.join()

    def _look_at(self, room: Room) -> None:
        occasion = self._occasions.setdefault(room.article, Occasion(self._patience))
        now = self._clock()
        occasion.look(room.head, now, writers=room.audience.writers)
        reason = occasion.due(now)
        if reason is not None:
            self._queue(room.article, reason)

    def _queue(self, article: int, reason: Reason) -> None:
        if article not in self._waiting:
            self._waiting.add(article)
            self._due.put_nowait((article, reason))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - the next look may go well
                self._telemetry.fault("The rooms could not be looked at for revisions.")

    async def _work(self) -> None:
        while True:
            article, reason = await self._due.get()
            seq = await self._revise(article, Wish(reason))
            self._waiting.discard(article)
            self._note(article, seq)
            self._due.task_done()

    async def _revise(self, article: int, wish: Wish) -> int | None:
        """Give the seq that has been seen to; None: it did not work, and is tried again later."""
        try:
            return (await self._reviser.make(article, wish)).seq
        except (Refusal, LogUnavailable) as reason:
            self._telemetry.log.warning("A revision is put off.", article=article, why=str(reason))
        except Exception:  # noqa: BLE001 - our mistake in one article is not the others'
            self._telemetry.fault("A revision could not be made.")
        return None

    def _note(self, article: int, seq: int | None) -> None:
        occasion = self._occasions.get(article)
        if occasion is None:  # it is not in memory any more
            return
        if seq is None:
            occasion.put_off(self._clock())
        else:
            occasion.revised(seq, self._clock())

    async def _catch_up(self) -> None:
        """Revise what has moved since its last revision and nobody has open."""
        await asyncio.sleep(START_SECONDS)
        try:
            behind = await self._reviser.behind()
        except (Refusal, LogUnavailable):  # each is made up for when somebody opens it
            self._telemetry.fault("The articles could not be looked at for revisions.")
            return
        for article in behind:
            if article not in self._rooms.open_rooms():
                self._queue(article, "left")
                await self.settle()
