"""The committer: the one task per process that makes batches durable (group commit).

A turn gates and applies what is queued in every room, commits all of it in one transaction on the
writer thread, and only then shows it to anybody. The next turn starts as soon as this one is done:
no timers; the batch is as large as the commit is slow, so load makes it cheaper.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from time import monotonic
from typing import Self

from crdt.errors import Refusal
from persistence.errors import HeadMoved
from persistence.log import UpdateLog
from server.refusals import StorageUnavailable
from server.room import Room
from server.telemetry import Telemetry
from server.turn import Turn

GATE_SECONDS = 0.01  # the longest that one turn's gating may hold the event loop

Turns = dict[Room, Turn]


class Committer:
    """`async with Committer(...)`: turns run inside; leaving it waits for what is queued.

    `drop` is called with a room whose memory may differ from the log, and the reason for its
    members; they bring their edits again (law 1).
    """

    def __init__(
        self, log: UpdateLog, telemetry: Telemetry, drop: Callable[[Room, Refusal], None]
    ) -> None:
        self._log = log
        self._telemetry = telemetry
        self._drop = drop
        self._awake: dict[Room, None] = {}
        self._something = asyncio.Event()
        self._stopping = False
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._writer = self._stack.enter_context(ThreadPoolExecutor(1, "writer"))
        self._task = asyncio.create_task(self._run(), name="committer")
        return self

    async def __aexit__(self, *error: object) -> None:
        self._stopping = True
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
        while self._awake or not self._stopping:
            await self._something.wait()
            self._something.clear()
            await self._turn()

    async def _turn(self) -> None:
        started = monotonic()
        at = datetime.now(UTC)
        turns = self._begin(int(at.timestamp() * 1000), started + GATE_SECONDS)
        if turns and (committed := await self._commit(turns, at)):
            for room, turn in committed.items():
                self._end_room(room, turn)
            rows = [row for turn in committed.values() for row in turn.append.rows]
            size = sum(len(row.payload) for row in rows)
            self._telemetry.turn(len(committed), len(rows), size, monotonic() - started)

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
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writer, self._log.append, batch, at)
        except HeadMoved as moved:
            self._fail(room for room in turns if room.article in moved.articles)
            rest = {room: turn for room, turn in turns.items() if not room.ended}
            return await self._commit(rest, at) if rest else {}
        except Exception:  # noqa: BLE001 - LogUnavailable, or our mistake: the outcome is unknown
            self._telemetry.fault("The database did not take a commit.")
            self._fail(turns)
            return {}
        return turns

    def _fail(self, rooms: Iterable[Room]) -> None:
        for room in rooms:
            reason = StorageUnavailable("Your last edits could not be stored yet; trying again.")
            self._drop(room, reason)
