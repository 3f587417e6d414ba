"""The rooms of this process: opened once, whoever comes; closed when nobody has been in them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Self

from anyio import CapacityLimiter, to_thread

from crdt.errors import Refusal
from crdt.livearticle import LiveArticle
from crdt.spans import Span
from persistence.articles import Article
from persistence.authors import Author
from persistence.store import Store
from server.audience import Audience
from server.committer import Committer
from server.farewell import say_farewell
from server.limits import presence_limits
from server.loading import load
from server.parking import Parking
from server.pen import write
from server.place import Place
from server.reaper import Reaper
from server.refusals import ShuttingDown
from server.room import Room
from server.settings import Settings
from server.slate import NO_SLATE, NoSlate
from server.storage import Storage
from server.telemetry import Telemetry

LOADS_AT_ONCE = 4  # each is work for the one interpreter: more only take turns with the loop
GOODBYE = "The server is about to stop; it will be back soon."


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The committed text of an article at `seq`, and its spans (code points)."""

    seq: int
    text: str
    spans: tuple[Span, ...]


class Rooms:
    """`async with Rooms(...)`: articles can be opened inside; leaving it commits what is queued."""

    def __init__(
        self, store: Store, settings: Settings, telemetry: Telemetry, slate: NoSlate = NO_SLATE
    ) -> None:
        self._store = store
        self._slate = slate
        self._settings = settings
        self._telemetry = telemetry
        self._committer = Committer(store.log, telemetry, self._drop, self._ask_again)
        self._places: dict[int, Place] = {}
        self._loads = CapacityLimiter(LOADS_AT_ONCE)
        self._reaper = Reaper(self._open_places, self._take_out, store, settings, telemetry)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._stack.push_async_callback(self._close_all)
        await self._stack.enter_async_context(self._committer)
        await self._stack.enter_async_context(self._reaper)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    @property
    def running(self) -> bool:
        """Whether edits are being committed."""
        return self._committer.running

    @property
    def storage(self) -> Storage:
        """Whether edits can be stored just now."""
        return self._committer.storage

    @asynccontextmanager
    async def open(self, article: Article) -> AsyncIterator[Room]:
        """Give the article's room, loading it when it is not in memory.

        It is not evicted before the block has ended.
        """
        place = self._place(article.id)
        place.visitors += 1
        try:
            yield await asyncio.shield(place.opening)  # others may wait for it, too
        finally:
            place.visitors -= 1
            place.used = monotonic()

    def _place(self, article: int) -> Place:
        place = self._places.get(article)
        if place is None:
            opening = asyncio.create_task(self._load_or_forget(article), name=f"open {article}")
            place = self._places[article] = Place(opening, monotonic())
        return place

    async def _load_or_forget(self, article: int) -> Room:
        try:
            return await self._load(article)
        except BaseException:
            del self._places[article]
            raise

    async def _load(self, article: int) -> Room:
        settings = self._settings
        read = partial(load, self._store, article, settings.root_name, settings.claims_per_author)
        live = await to_thread.run_sync(read, limiter=self._loads)
        named = live.ledger.authors()
        authors = await to_thread.run_sync(self._store.authors.many, named)
        audience = Audience(live.ownership, presence_limits(settings), authors, self._telemetry)
        parking = Parking(
            settings.parked_updates,
            settings.parked_bytes,
            settings.parked_seconds,
            monotonic,
            self._telemetry.parked,
        )
        self._telemetry.rooms.inc()
        self._places[article].checkpoint = live.restored
        return Room(article, live, audience, parking, self._committer.wake, self._slate)

    async def write(self, article: Article, author: Author, text: str) -> int:
        """Add `text` at the end of the article as the author's writing; return the seq.

        It goes through the gate and is durable when this returns, like any edit. Refusal.
        """
        async with self.open(article) as room:
            room.audience.know(author)
            return await write(room, author, text, self._settings)

    async def snapshot(self, article: Article) -> Snapshot:
        """Give the committed text and spans."""
        async with self.open(article) as room:
            while not await room.look(LiveArticle.prepare):  # noqa: ASYNC110 - work, no waiting
                await asyncio.sleep(0)  # others may want something, too
            return await room.look(_snapshot)

    def _drop(self, room: Room, reason: Refusal) -> None:
        """Throw a room away; whoever comes next gets a new one from the log."""
        if not room.ended:
            self._reaper.bury(self._take_out(room, reason))

    def _take_out(self, room: Room, reason: Refusal) -> LiveArticle:
        """End a room and forget it; its live article is the caller's, to be closed."""
        del self._places[room.article]
        return room.close(reason)

    def _ask_again(self) -> None:
        for place in self._open_places():
            place.room.ask_again()

    def open_rooms(self) -> dict[int, Room]:
        """The rooms that are in memory, by article."""
        return {article: place.room for article, place in self._places.items() if place.is_open}

    def _open_places(self) -> list[Place]:
        return [place for place in self._places.values() if place.is_open]

    async def farewell(self) -> None:
        """Send everybody away, spread over a setting's time, so that not all come back at once.

        Those who are still here go on as before: what they write is committed.
        """
        members = [member for place in self._open_places() for member in place.room.audience]
        await say_farewell(members, ShuttingDown(GOODBYE), self._settings.farewell_seconds)

    async def _close_all(self) -> None:
        """Everything accepted has been committed."""
        loading = [place.opening for place in self._places.values() if not place.is_open]
        await asyncio.gather(*loading, return_exceptions=True)
        await self._reaper.clear_out(ShuttingDown(GOODBYE))


def _snapshot(live: LiveArticle) -> Snapshot:
    return Snapshot(live.head, live.text(), tuple(live.spans()))
