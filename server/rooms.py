"""The rooms of this process: opened once, whoever comes; closed when nobody has been in them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Self

from anyio import to_thread

from crdt.errors import Refusal
from crdt.livearticle import LiveArticle
from crdt.spans import Span
from persistence.articles import Article
from persistence.authors import Author
from persistence.store import Store
from server.audience import Audience
from server.committer import Committer
from server.limits import presence_limits
from server.loading import keep_checkpoint, load
from server.parking import Parking
from server.pen import write
from server.refusals import ShuttingDown
from server.room import Room
from server.settings import Settings
from server.telemetry import Telemetry

REAP_SECONDS = 1.0  # how often idle rooms and parked updates are looked after


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The committed text of an article at `seq`, and its spans (code points)."""

    seq: int
    text: str
    spans: tuple[Span, ...]


class Rooms:
    """`async with Rooms(...)`: articles can be opened inside; leaving it commits what is queued."""

    def __init__(self, store: Store, settings: Settings, telemetry: Telemetry) -> None:
        self._store = store
        self._settings = settings
        self._telemetry = telemetry
        self._committer = Committer(store.log, telemetry, self._drop)
        self._opening: dict[int, asyncio.Task[Room]] = {}
        self._emptied: dict[int, float] = {}  # article -> when its room was last seen in use
        self._checkpoints: dict[int, int] = {}  # article -> seq of its newest checkpoint
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._stack.push_async_callback(self._close_all)
        await self._stack.enter_async_context(self._committer)
        tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        reaper = tasks.create_task(self._reap_for_ever(), name="reaper")
        self._stack.callback(reaper.cancel)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    @property
    def running(self) -> bool:
        """Whether edits are being committed."""
        return self._committer.running

    @asynccontextmanager
    async def open(self, article: Article) -> AsyncIterator[Room]:
        """Give the article's room, loading it when it is not in memory."""
        room = await self._room(article.id)
        self._emptied[article.id] = monotonic()
        yield room

    async def _room(self, article: int) -> Room:
        task = self._opening.get(article)
        if task is None:
            task = asyncio.create_task(self._load_or_forget(article), name=f"open {article}")
            self._opening[article] = task
        return await asyncio.shield(task)  # others may wait for it, too

    async def _load_or_forget(self, article: int) -> Room:
        try:
            return await self._load(article)
        except BaseException:
            del self._opening[article]
            raise

    async def _load(self, article: int) -> Room:
        settings = self._settings
        live = await to_thread.run_sync(
            load, self._store, article, settings.root_name, settings.claims_per_author
        )
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
        self._checkpoints[article] = live.restored
        self._emptied[article] = monotonic()
        return Room(article, live, audience, parking, self._committer.wake)

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
            return await room.look(_snapshot)

    def _drop(self, room: Room, reason: Refusal) -> None:
        """Throw a room away; whoever comes next gets a new one from the log."""
        if room.ended:
            return
        del self._opening[room.article], self._emptied[room.article]
        self._telemetry.rooms.dec()
        room.close(reason)

    def _open_rooms(self) -> list[Room]:
        return [task.result() for task in self._opening.values() if task.done()]

    async def _reap_for_ever(self) -> None:
        while True:
            await asyncio.sleep(REAP_SECONDS)
            for room in self._open_rooms():
                await self._look_after(room)

    async def _look_after(self, room: Room) -> None:
        room.expire()
        if room.head >= self._checkpoints[room.article] + self._settings.checkpoint_every:
            await self._keep_checkpoint(room)
        if room.ended:
            return
        if not room.idle:
            self._emptied[room.article] = monotonic()
        elif monotonic() > self._emptied[room.article] + self._settings.idle_room_seconds:
            self._drop(room, ShuttingDown("The article was not in use."))

    async def _keep_checkpoint(self, room: Room) -> None:
        """A checkpoint is a cache: without one loading takes longer, and the next one may work."""
        self._checkpoints[room.article] = room.head
        root = self._settings.root_name
        try:
            await to_thread.run_sync(keep_checkpoint, self._store, room.article, root)
        except Exception:  # noqa: BLE001 - the database's trouble or ours: rooms are to go on
            self._telemetry.fault("A checkpoint could not be kept.")

    async def _close_all(self) -> None:
        loading = [task for task in self._opening.values() if not task.done()]
        await asyncio.gather(*loading, return_exceptions=True)
        for room in self._open_rooms():
            self._drop(room, ShuttingDown("The server is about to stop; it will be back soon."))


def _snapshot(live: LiveArticle) -> Snapshot:
    return Snapshot(live.head, live.text(), tuple(live.spans()))
