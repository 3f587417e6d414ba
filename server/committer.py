"""The committer: the one task per process that makes batches durable (group commit).

A turn gates and applies what is queued in every room, has the scribe commit all of it in one
transaction, and only then shows it to anybody. The next turn starts as soon as this one is done
and the pace allows it; the batch is as large as the commit is slow, so load makes it cheaper. While
the storage is out of order there are no commits: what is queued is put off.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from time import monotonic, thread_time
from typing import NamedTuple, Protocol, Self

from crdt.errors import Refusal
from persistence.errors import HeadMoved, LogUnavailable
from persistence.log import Entry, UpdateLog
from server.alarm import alarm
from server.pace import Pace
from server.refusals import StorageUnavailable
from server.room import Room
from server.scribe import Scribe
from server.storage import Storage
from server.telemetry import Telemetry
from server.turn import Turn

GATE_SECONDS = 0.01  # the longest that one turn's gating may hold the event loop

Turns = dict[Room, Turn]


class Stored(NamedTuple):
    """A turn that is durable, and the rows of other processes that came right before it."""

    turn: Turn
    theirs: Sequence[Entry]

    @property
    def first(self) -> int:
        """The seq of the turn's first row."""
        return self.turn.append.head + len(self.theirs) + 1


class Owner(Protocol):
    """Whose rooms they are: what the committer has done with them."""

    def drop(self, room: Room, reason: Refusal) -> None:
        """Throw away a room that may differ from the log; its members come again (law 1)."""

    async def renew(self, room: Room) -> None:
        """Make a room anew from the log, into which others have put what ours cannot follow."""

    async def take_in(self, room: Room, theirs: Sequence[Entry]) -> None:
        """Take rows of other processes into a room, in front of its own that are not shown yet."""

    async def stored(self, turns: Iterable[tuple[Turn, int]]) -> None:
        """Hear of turns that are stored and will be shown right after, with their first seqs."""

    def recovered(self) -> None:
        """Hear that edits that were put off can be stored again."""


class Committer:
    """`async with Committer(...)`: turns run inside; leaving it waits for what is queued."""

    def __init__(
        self, log: UpdateLog, telemetry: Telemetry, owner: Owner, pace: Pace | None = None
    ) -> None:
        self._log = log
        self._telemetry = telemetry
        self._owner = owner
        self._pace = pace or Pace()
        self.storage = Storage(self._check, owner.recovered, telemetry)
        self._awake: dict[Room, None] = {}
        self._renewals: set[asyncio.Task[None]] = set()
        self._something = asyncio.Event()
        self._stopping = asyncio.Event()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._set_alarm = self._stack.enter_context(alarm(self._something.set))
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
        if not self._awake:
            self._wait()
        self._awake[room] = None

    def _wait(self) -> None:
        """Have the next turn begin when the pace allows it; nothing wakes us before."""
        wait = self._pace.asked()
        if wait > 0:
            self._set_alarm(wait)
        else:
            self._something.set()

    async def _run(self) -> None:
        while self._awake or self._renewals or not self._stopping.is_set():
            await self._something.wait()
            self._something.clear()
            self._pace.begins()
            if self.storage.ok:
                await self._turn()
            else:
                self._put_off()

    async def _turn(self) -> None:
        started, before = monotonic(), thread_time()
        at = datetime.now(UTC)
        turns = self._begin(int(at.timestamp() * 1000), started + GATE_SECONDS)
        gated, busy = monotonic(), thread_time() - before
        committed = await self._commit(turns, at) if turns else {}
        stored = monotonic()
        await self._tell(committed.values())
        before = thread_time()  # what others did in between is not the turn's
        late = [
            room for room, (turn, theirs) in committed.items() if not self._end(room, turn, theirs)
        ]
        self._pace.worked(stored, busy + thread_time() - before, len(turns))
        for room in late:
            await self._end_late(room, *committed[room])
        if committed:
            self._count(committed, stored - gated, monotonic() - started)

    def _count(self, committed: dict[Room, Stored], commit: float, seconds: float) -> None:
        rows = [row for turn, _ in committed.values() for row in turn.append.rows]
        size = sum(len(row.payload) for row in rows)
        self._telemetry.turn(len(committed), len(rows), size, commit, seconds)

    def _put_off(self) -> None:
        """Have the writers told that nothing can be stored just now."""
        until, before = monotonic() + GATE_SECONDS, thread_time()
        rooms, self._awake = self._awake, {}
        for room in rooms:
            if not room.ended:
                self._put_off_room(room, until)
        self._pace.worked(monotonic(), thread_time() - before, len(rooms))

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

    async def _tell(self, committed: Iterable[Stored]) -> None:
        """Have others hear of it before it is shown here: they are further away."""
        try:
            await self._owner.stored([(stored.turn, stored.first) for stored in committed])
        except Exception:  # noqa: BLE001 - others find it in the log
            self._telemetry.fault("Other processes could not be told of a turn.")

    def _end(self, room: Room, turn: Turn, theirs: Sequence[Entry]) -> bool:
        """Show a turn, unless rows of other processes have to be shown before it."""
        if theirs:
            return False
        try:
            room.end_turn(turn)
        except Exception:  # noqa: BLE001 - as above; what is committed comes with the next load
            self._fault(room, "A room could not show what was committed.")
        return True

    async def _end_late(self, room: Room, turn: Turn, theirs: Sequence[Entry]) -> None:
        try:
            await self._owner.take_in(room, theirs)
        except Exception:  # noqa: BLE001 - as above
            self._fault(room, "A room could not take in what other processes stored.")
        else:
            self._end(room, turn, ())

    def _fault(self, room: Room, event: str) -> None:
        self._telemetry.fault(event)
        self._owner.drop(room, StorageUnavailable("Something went wrong here; please try again."))

    async def _commit(self, turns: Turns, at: datetime) -> dict[Room, Stored]:
        """Make the turns durable; return those that are. The rooms of the others are seen to."""
        batch = [turn.append for turn in turns.values()]
        try:
            theirs = await self._scribe.do(self._log.append, batch, at)
        except HeadMoved as moved:
            rest = {r: turn for r, turn in turns.items() if r.article not in moved.articles}
            for room in turns.keys() - rest.keys():
                self._renew(room)
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
        return {r: Stored(turn, theirs.get(r.article, ())) for r, turn in turns.items()}

    def _renew(self, room: Room) -> None:
        """Have a room made anew, beside the turns of the others."""
        room.pause()
        renewal = asyncio.create_task(self._owner.renew(room), name=f"renew {room.article}")
        self._renewals.add(renewal)
        renewal.add_done_callback(self._renewed)

    def _renewed(self, renewal: "asyncio.Task[None]") -> None:
        self._renewals.discard(renewal)
        self._something.set()

    async def _commit_one_by_one(self, turns: Turns, at: datetime) -> dict[Room, Stored]:
        """What has been stored after all, its head has moved, so that it is not stored twice."""
        if len(turns) == 1 or not self.storage.ok:
            self._fail(turns)
            return {}
        committed: dict[Room, Stored] = {}
        for room, turn in turns.items():
            committed |= await self._commit({room: turn}, at)
        return committed

    async def _check(self) -> None:
        await self._scribe.do(self._log.check)

    def _fail(self, rooms: Iterable[Room]) -> None:
        for room in rooms:
            reason = StorageUnavailable("Your last edits could not be stored yet; trying again.")
            self._owner.drop(room, reason)
