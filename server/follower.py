"""The follower: what other processes have stored comes into the rooms of this one (law 7).

News of a row may be lost; the log has it. It is read after the heads of the rooms, in one query for
all that are asked for: where something is missing, where anything may have been lost, and from time
to time all the same.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Self

from anyio import to_thread

from crdt.errors import Refusal
from persistence.errors import LogUnavailable
from persistence.store import Store
from server.arrival import Arrival, arrivals_of
from server.refusals import StorageUnavailable
from server.register import Register
from server.room import Room
from server.telemetry import Telemetry

LOOK_SECONDS = 1.5  # between two looks at the log: with the look itself, news are 2 s late at most
RETRY_SECONDS = 0.25  # after a look that failed
MOST_ROWS = 1_000  # read at once
ROWS_AT_ONCE = 100  # taken in before the loop may do something else

Found = list[tuple[int, list[Arrival]]]  # (article, its rows)


class Follower:
    """`async with Follower(...)`: the rooms of a register follow the log inside.

    `drop` is called with a room that could not follow, and may be half changed.
    """

    def __init__(
        self,
        register: Register,
        store: Store,
        telemetry: Telemetry,
        drop: Callable[[Room, Refusal], None],
    ) -> None:
        self._drop = drop
        self._register = register
        self._store = store
        self._telemetry = telemetry
        self._wanted: set[int] = set()
        self._something = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="follower")
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    def look(self, article: int) -> None:
        """Have the log read soon for one article, if it is open."""
        self._wanted.add(article)
        self._something.set()

    def look_everywhere(self) -> None:
        """Have the log read soon for all articles that are open."""
        self._wanted.update(self._register.places)
        self._something.set()

    async def _run(self) -> None:
        pause = LOOK_SECONDS
        while True:
            if not await self._asked(pause):
                self._wanted.update(self._register.places)
            self._something.clear()
            pause = LOOK_SECONDS if await self._look() else RETRY_SECONDS

    async def _asked(self, seconds: float) -> bool:
        """Wait until somebody asks for a look; False when the time is over."""
        try:
            await asyncio.wait_for(self._something.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _look(self) -> bool:
        """Look for what is wanted; False when it could not be read, and is wanted still."""
        wanted, self._wanted = self._wanted, set()
        try:
            await self.catch_up(wanted)
        except LogUnavailable as trouble:
            self._telemetry.log.warning("The log could not be read for news.", why=trouble.why)
        except Exception:  # noqa: BLE001 - our mistake must not end the looks
            self._telemetry.fault("The log could not be followed.")
        else:
            return True
        self._wanted |= wanted
        return False

    async def catch_up(self, articles: Iterable[int]) -> None:
        """Read the log after the heads of these articles' rooms, as far as they are open.

        LogUnavailable.
        """
        rooms = [room for room in map(self._register.find, articles) if room and room.resting]
        for room in rooms:
            room.look_begins()
        await self._catch_up({room.article for room in rooms})
        for room in rooms:
            room.looked()

    async def _catch_up(self, articles: Iterable[int]) -> None:
        lag, more = 0, True
        while more:
            heads = self._heads(articles)
            found = await to_thread.run_sync(self._read, heads) if heads else []
            for article, arrivals in found:
                if (room := self._register.find(article)) is not None:
                    lag = max(lag, arrivals[-1].seq - room.head)
                    await self.take_in(room, arrivals)
            rows = sum(len(arrivals) for _, arrivals in found)
            self._telemetry.healed(rows)
            more = rows == MOST_ROWS and heads != self._heads(articles)
        self._telemetry.head_lag.set(lag)

    def _heads(self, articles: Iterable[int]) -> dict[int, int]:
        """Heads of the rooms at rest: what a commit under way finds, it brings itself."""
        rooms = filter(None, map(self._register.find, articles))
        return {room.article: room.head for room in rooms if room.resting}

    def _read(self, heads: Mapping[int, int]) -> Found:
        """Read and decode, off the event loop."""
        entries = self._store.log.after(heads, MOST_ROWS)
        by_article = groupby(entries, attrgetter("article"))
        return [(article, arrivals_of(rows)) for article, rows in by_article]

    async def take_in(self, room: Room, arrivals: Sequence[Arrival]) -> None:
        """Have a room follow rows, with the names of their authors, a few at a time."""
        await self.introduce(room, arrivals)
        for first in range(0, len(arrivals), ROWS_AT_ONCE):
            self.follow(room, arrivals[first : first + ROWS_AT_ONCE])
            await asyncio.sleep(0)

    def follow(self, room: Room, arrivals: Sequence[Arrival]) -> None:
        """Have a room follow rows whose authors it knows; where it fails it comes from the log."""
        try:
            room.follow(arrivals)
        except Exception:  # noqa: BLE001 - the log still tells the truth
            self._telemetry.fault("A room could not follow the log.")
            self._drop(room, StorageUnavailable("Something went wrong here; please try again."))

    async def precede(self, room: Room, arrivals: Sequence[Arrival]) -> None:
        """Have a room take in rows that are stored right before its turn under way."""
        await self.introduce(room, arrivals)
        for first in range(0, len(arrivals), ROWS_AT_ONCE):
            if first:
                await asyncio.sleep(0)
            room.take_in(arrivals[first : first + ROWS_AT_ONCE])

    async def introduce(self, room: Room, arrivals: Iterable[Arrival]) -> None:
        """Let a room know the authors of rows, before it shows these to anybody."""
        strangers = room.audience.strangers(arrival.edit.author for arrival in arrivals)
        if strangers:
            for author in (
                await to_thread.run_sync(self._store.authors.many, sorted(strangers))
            ).values():
                room.audience.know(author)
