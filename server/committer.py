"""The committer: the one task per process that makes batches durable (group commit).

A turn gates and applies what is queued in every room, has the scribe commit all of it in one
transaction, and only then shows it to anybody. The next turn starts as soon as this one is done
and the pace allows it; the batch is as large as the commit is slow, so load makes it cheaper. While
the storage is out of order there are no commits: what is queued is put off.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from time import monotonic
from typing import Self

from crdt.errors import Refusal
from persistence.errors import HeadMoved, LogUnavailable
from persistence.log import UpdateLog
from server.pace import Pace
from server.refusals import StorageUnavailable
from server.room import Room
from server.scribe import Scribe
from server.storage import Storage
from server.telemetry import Telemetry
from server.turn import Turn

GATE_SECONDS = 0.01  # the longest that one turn's gating may hold the event loop

Turns = dict[Room, Turn]


class Committer:
    """`async with Committer(...)`: turns run inside; leaving it waits for what is queued.

    `drop` is called with a room whose memory may differ from the log, and the reason for its
    members; they bring their edits again (law 1). `recovered` is called when edits that were put
    off can be stored again.
    """

    def __init__(
        self,
        log: UpdateLog,
        telemetry: Telemetry,
        drop: Callable[[Room, Refusal], None],
        recovered: Callable[[], None],
        pace: Pace | None = None,
    ) -> None:
        self._log = log
        self._telemetry = telemetry
        self._drop = drop
        self._pace = pace or Pace()
        self.storage = Storage(self._check, recovered, telemetry)
        self._awake: dict[Room, None] = {}
        self._something = asyncio.Event()
        self._stopping = asyncio.Event()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._scribe = await self._stack.enter_async_context(Scribe())
        await self._stack.enter_async_context(self.storage)
        self._task = asyncio.create_task(self._run(), name="committer")
        return self

    async def __aexit__(self, *error: object) -> None:
        self._stopping.set()
        self._something.set()
        await self._task
        await self._stack.aclose()

    @property
    def running(self) -> bool:
        """Whether turns are being made."""
        return not self._task.done()

    def wake(self, room: Room) -> None:
        """Have the room in the next turn."""
        self._awake[room] = None
        self._something.set()

    async def _run(self) -> None:
        while self._awake or not self._stopping.is_set():
            await self._something.wait()
            await self._pace.rest()
            self._something.clear()
            if self.storage.ok:
                await self._turn()
            else:
                self._put_off()

    async def _turn(self) -> None:
        started = monotonic()
        at = datetime.now(UTC)
        turns = self._begin(int(at.timestamp() * 1000), started + GATE_SECONDS)
        gated = monotonic()
        committed = await self._commit(turns, at) if turns else {}
        stored = monotonic()
        for room, turn in committed.items():
            self._end_room(room, turn)
        ended = monotonic()
        self._pace.worked(started, ended - stored + gated - started)
        if committed:
            self._count(committed, ended - started)

    def _count(self, committed: Turns, seconds: float) -> None:
        rows = [row for turn in committed.values() for row in turn.append.rows]
        size = sum(len(row.payload) for row in rows)
        self._telemetry.turn(len(committed), len(rows), size, seconds)

    def _put_off(self) -> None:
        """Have the writers told that nothing can be stored just now."""
        started = monotonic()
        rooms, self._awake = self._awake, {}
        for room in rooms:
            if not room.ended:
                self._put_off_room(room, started + GATE_SECONDS)
        self._pace.worked(started, monotonic() - started)

    def _put_off_room(self, room: Room, until: float) -> None:
        try:
            room.put_off(self.storage.refusal, lambda: monotonic() < until)
        except Exception:  # noqa: BLE001 - as in _begin_room
            self._fault(room, "The edits of a room could not be put off.")

    def _begin(self, at_ms: int, until: float) -> Turns:
        rooms, self._awake = self._awake, {}
        turns = {room: self._begin_room(room, at_ms, until) for room in rooms if not room.ended}
        return {room: turn for room, turn in turns.items() if turn is not None}

    def _begin_room(self, room: Room, at_ms: int, until: float) -> Turn | None:
        """Our own mistake in one room must not end the others: it is logged, the room dropped."""
        try:
            return room.begin_turn(at_ms, lambda: monotonic() < until)
        except Exception:  # noqa: BLE001 - whatever it is, the log still tells the truth
            self._fault(room, "The gate or the document of a room failed.")
            return None

    def _end_room(self, room: Room, turn: Turn) -> None:
        try:
            room.end_turn(turn)
        except Exception:  # noqa: BLE001 - as above; what is committed comes with the next load
            self._fault(room, "A room could not show what was committed.")

    def _fault(self, room: Room, event: str) -> None:
        self._telemetry.fault(event)
        self._drop(room, StorageUnavailable("Something went wrong here; please try again."))

    async def _commit(self, turns: Turns, at: datetime) -> Turns:
        """Make the turns durable; return those that are, after dropping the rooms of the others."""
        batch = [turn.append for turn in turns.values()]
        try:
            await self._scribe.do(self._log.append, batch, at)
        except HeadMoved as moved:
            self._fail(room for room in turns if room.article in moved.articles)
            rest = {room: turn for room, turn in turns.items() if not room.ended}
            return await self._commit(rest, at) if rest else {}
        except LogUnavailable as trouble:  # the outcome is unknown
            self._telemetry.fault("The database did not take a commit.")
            self.storage.failed(trouble.why)
            self._fail(turns)
            return {}
        except Exception:  # noqa: BLE001 - our mistake in one of them, which is not the others'
            self._telemetry.fault("A commit failed.")
            return await self._commit_one_by_one(turns, at)
        self.storage.worked()
        return turns

    async def _commit_one_by_one(self, turns: Turns, at: datetime) -> Turns:
        """What has been stored after all, its head has moved, so that it is not stored twice."""
        if len(turns) == 1 or not self.storage.ok:
            self._fail(turns)
            return {}
        committed: Turns = {}
        for room, turn in turns.items():
            committed |= await self._commit({room: turn}, at)
        return committed

    async def _check(self) -> None:
        await self._scribe.do(self._log.check)

    def _fail(self, rooms: Iterable[Room]) -> None:
        for room in rooms:
            reason = StorageUnavailable("Your last edits could not be stored yet; trying again.")
            self._drop(room, reason)
