"""The rooms of this process: opened once, whoever comes; closed when nobody has been in them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Self

from crdt.errors import Refusal
from crdt.livearticle import LiveArticle
from crdt.spans import Span
from persistence.articles import Article
from persistence.authors import Author
from persistence.log import Entry
from persistence.store import Store
from server.arrival import arrivals_of
from server.bus import Bus, LocalBus
from server.committer import Committer
from server.farewell import say_farewell
from server.follower import Follower
from server.neighbours import Neighbours
from server.opener import Opener
from server.pen import write
from server.place import Place
from server.reaper import Reaper
from server.refusals import ShuttingDown, StorageUnavailable
from server.register import Register
from server.renewing import Renewing
from server.room import Room
from server.settings import Settings
from server.slate import NO_SLATE, NoSlate
from server.storage import Storage
from server.telemetry import Telemetry
from server.turn import Turn

GOODBYE = "The server is about to stop; it will be back soon."


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The committed text of an article at `seq`, and its spans (code points)."""

    seq: int
    text: str
    spans: tuple[Span, ...]


class Rooms:
    """`async with Rooms(...)`: articles can be opened inside; leaving it commits what is queued.

    Other processes on the same store are heard over the `bus`, and followed in the log.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        telemetry: Telemetry,
        slate: NoSlate = NO_SLATE,
        bus: Bus | None = None,
    ) -> None:
        self._settings = settings
        self._telemetry = telemetry
        self._register = register = Register()
        self._opener = Opener(store, settings, telemetry, slate)
        self._committer = Committer(store.log, telemetry, self)
        self._follower = Follower(register, store, telemetry, self.drop)
        self._neighbours = Neighbours(bus or LocalBus(), register, self._follower, telemetry)
        self._renewing = Renewing(store, self._opener, self._follower)
        self._reaper = Reaper(register.open_places, self._take_out, store, settings, telemetry)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._stack.push_async_callback(self._close_all)
        await self._stack.enter_async_context(self._neighbours)
        await self._stack.enter_async_context(self._follower)
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
    def trouble(self) -> str | None:
        """Why other processes are not heard of at once, a clause for people; None: they are."""
        return self._neighbours.trouble

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
        place = self._register.places.get(article)
        if place is None:
            opening = asyncio.create_task(self._load_or_forget(article), name=f"open {article}")
            place = self._register.places[article] = Place(opening, monotonic())
        return place

    async def _load_or_forget(self, article: int) -> Room:
        try:
            return await self._load(article)
        except BaseException:
            del self._register.places[article]
            self._neighbours.leave(article)
            raise

    async def _load(self, article: int) -> Room:
        """Load an article; what is stored meanwhile is heard of already."""
        await self._neighbours.join(article)
        tell = partial(self._neighbours.tell_present, article)
        room = await self._opener.room(article, self._committer.wake, self._look, tell)
        self._register.places[article].checkpoint = room.restored
        self._neighbours.opened(article)
        return room

    def _look(self, room: Room) -> bool:
        """Have the log read for what others stored and we did not hear of."""
        self._follower.look(room.article)
        return True

    async def catch_up(self, article: int) -> None:
        """Have what others stored in an open article, and we did not hear of. LogUnavailable."""
        await self._follower.catch_up([article])

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
            await self.catch_up(article.id)
            while not await room.look(LiveArticle.prepare):  # noqa: ASYNC110 - work, no waiting
                await asyncio.sleep(0)  # others may want something, too
            return await room.look(_snapshot)

    def drop(self, room: Room, reason: Refusal) -> None:
        """Throw a room away; whoever comes next gets a new one from the log."""
        if not room.ended:
            self._reaper.bury(self._take_out(room, reason))

    async def renew(self, room: Room) -> None:
        """Give a room another live article from the log; its members stay."""
        place = self._register.places.get(room.article)
        if place is None or room.ended:
            return
        try:
            unused = await self._renewing.renew(place, room)
        except Exception:  # noqa: BLE001 - the database's trouble or ours: the members come again
            self._telemetry.fault("A room could not be made anew.")
            self.drop(room, StorageUnavailable("Your last edits could not be stored yet."))
        else:
            self._telemetry.rooms.inc()  # until it is buried
            self._telemetry.renewed.inc()
            self._reaper.bury(unused)

    async def take_in(self, room: Room, theirs: Sequence[Entry]) -> None:
        """Have a room take in what other processes stored before its own turn."""
        await self._follower.precede(room, arrivals_of(theirs))

    async def stored(self, turns: Iterable[tuple[Turn, int]]) -> None:
        """Tell the other processes of turns; it is on its way when this returns."""
        await self._neighbours.tell_stored(turns)

    def _take_out(self, room: Room, reason: Refusal) -> LiveArticle:
        """End a room and forget it; its live article is the caller's, to be closed."""
        del self._register.places[room.article]
        self._neighbours.leave(room.article)
        return room.close(reason)

    def recovered(self) -> None:
        """Ask for what was put off."""
        for place in self._register.open_places():
            place.room.ask_again()

    def open_rooms(self) -> dict[int, Room]:
        """The rooms that are in memory, by article."""
        return self._register.rooms()

    async def farewell(self) -> None:
        """Send everybody away, spread over a setting's time, so that not all come back at once.

        Those who are still here go on as before: what they write is committed.
        """
        members = [
            member for place in self._register.open_places() for member in place.room.audience
        ]
        await say_farewell(members, ShuttingDown(GOODBYE), self._settings.farewell_seconds)

    async def _close_all(self) -> None:
        """Everything accepted has been committed."""
        loading = [place.opening for place in self._register.places.values() if not place.is_open]
        await asyncio.gather(*loading, return_exceptions=True)
        await self._reaper.clear_out(ShuttingDown(GOODBYE))


def _snapshot(live: LiveArticle) -> Snapshot:
    return Snapshot(live.head, live.text(), tuple(live.spans()))
