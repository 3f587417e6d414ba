"""The reaper: looks after the rooms, has checkpoints kept, evicts who is idle, gives memory back.

It works in rounds. A round only looks; what takes time (making a checkpoint, taking a large article
apart) is done by a few workers in threads, so that no room waits for another.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from functools import partial
from time import monotonic
from typing import Self

from anyio import CapacityLimiter, to_thread

from crdt.errors import Refusal
from crdt.livearticle import LiveArticle
from persistence.store import Store
from server.keeping import keep_from_log, keep_last, keep_state
from server.memory import give_back
from server.place import Place
from server.refusals import ShuttingDown
from server.room import Room
from server.settings import Settings
from server.telemetry import Telemetry

REAP_SECONDS = 1.0  # how often idle rooms and parked updates are looked after
ROOMS_AT_ONCE = 200  # looked at before the loop may do something else
WORKERS = 2
MOST_JOBS = 256  # waiting for a worker; when these are too many an eviction waits for a later round
CHECKPOINT_BYTES = 1 << 18  # of rows; more would make the next load slow, however few rows they are
LAST_SECONDS = 2.0  # for checkpoints when the process ends, which whoever runs it waits for
NOT_IN_USE = "The article was not in use."

Job = Callable[[], object]


class Reaper:
    """`async with Reaper(...)`: rounds are made inside.

    `places` gives the rooms in memory, `take_out` takes one out of it, for the reason given to
    whoever comes to it too late.
    """

    def __init__(
        self,
        places: Callable[[], Iterable[Place]],
        take_out: Callable[[Room, Refusal], LiveArticle],
        store: Store,
        settings: Settings,
        telemetry: Telemetry,
    ) -> None:
        self._places = places
        self._take_out = take_out
        self._store = store
        self._settings = settings
        self._telemetry = telemetry
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(MOST_JOBS)
        self._threads = CapacityLimiter(WORKERS)
        self._freed = False  # since memory was given back last
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        for _ in range(WORKERS):
            self._stack.callback(tasks.create_task(self._work(), name="reaper's worker").cancel)
        self._stack.callback(tasks.create_task(self._reap_for_ever(), name="reaper").cancel)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    def bury(self, live: LiveArticle) -> None:
        """Have the memory of a live article that nobody uses any more given back."""
        if self._jobs.full():
            self.close(live)
        else:
            self._jobs.put_nowait(partial(self.close, live))

    def close(self, live: LiveArticle) -> None:
        """Give the memory back at once; it was in a room that has been taken out."""
        live.close()
        self._telemetry.rooms.dec()
        self._freed = True

    async def clear_out(self, reason: Refusal) -> None:
        """Take out every room, since the process ends: with fresh checkpoints the next one is soon.

        The longest tails come first, as far as the time allows.
        """
        until = monotonic() + LAST_SECONDS
        for place in sorted(self._places(), key=lambda place: place.tail, reverse=True):
            room = place.room
            worth_it = place.tail and room.resting and monotonic() < until
            live = self._take_out(room, reason)
            put_away = partial(self._put_away, room.article, live, place.checkpoint)
            if not worth_it:
                self.close(live)
            elif not await self._do(put_away):
                until = 0.0

    async def _reap_for_ever(self) -> None:
        while True:
            await asyncio.sleep(REAP_SECONDS)
            await self._round()
            if self._freed:
                self._freed = False
                await to_thread.run_sync(give_back)

    async def _round(self) -> None:
        idle = []
        for number, place in enumerate(list(self._places()), start=1):
            if not place.room.ended:
                self._look_after(place)
                idle += [place] if place.idle else []
            if not number % ROOMS_AT_ONCE:
                await asyncio.sleep(0)
        for place in self._unwanted(idle):
            self._evict(place)

    def _look_after(self, place: Place) -> None:
        room = place.room
        room.expire()
        if not place.idle:
            place.used = monotonic()
        many = room.head >= place.checkpoint + self._settings.checkpoint_every
        large = room.grown >= place.grown + CHECKPOINT_BYTES
        if (many or large) and not self._jobs.full():
            self._checkpoint(place)

    def _checkpoint(self, place: Place) -> None:
        """Have one kept, as soon as the room is at rest or, where that would hold it up, anew."""
        room, older = place.room, place.checkpoint
        place.checkpoint, place.grown = room.head, room.grown
        if room.quickly_told:
            room.at_rest(partial(self._keep_state, room.article, older))
        else:
            self._ask(partial(keep_from_log, self._store, room.article, older, self._settings))

    def _keep_state(self, article: int, older: int, live: LiveArticle) -> None:
        self._ask(partial(keep_state, self._store, article, live.state(), older, self._settings))

    def _ask(self, job: Job) -> None:
        if not self._jobs.full():  # for a checkpoint there will be another time
            self._jobs.put_nowait(job)

    def _unwanted(self, idle: list[Place]) -> Iterable[Place]:
        """The longest idle first: those whose time is over, and those that are too many."""
        idle.sort(key=lambda place: place.used)
        until = monotonic() - self._settings.idle_room_seconds
        too_many = len(idle) - self._settings.idle_rooms
        return [p for number, p in enumerate(idle) if p.used < until or number < too_many]

    def _evict(self, place: Place) -> None:
        """End the room at once; whoever comes from now on loads another from the log."""
        if self._jobs.full() or not place.idle:  # somebody came while we looked at others
            return
        room = place.room
        live = self._take_out(room, ShuttingDown(NOT_IN_USE))
        self._jobs.put_nowait(partial(self._put_away, room.article, live, place.checkpoint))

    def _put_away(self, article: int, live: LiveArticle, checkpoint: int) -> None:
        try:
            keep_last(self._store, article, live, checkpoint, self._settings)
        finally:
            self.close(live)

    async def _work(self) -> None:
        while True:
            await self._do(await self._jobs.get())

    async def _do(self, job: Job) -> bool:
        """A checkpoint is a cache: without one loading takes longer, and the next one may work."""
        try:
            await to_thread.run_sync(job, limiter=self._threads)
        except Exception:  # noqa: BLE001 - the database's trouble or ours: rooms are to go on
            self._telemetry.fault("A checkpoint could not be kept.")
            return False
        return True
