"""The historian: one niced process beside the server that computes what the past was.

Whatever needs more than some milliseconds of an interpreter, such as folding a log, would hold the
event loop, in a thread too. It is done in a process that stays warm, one job after the other. The
process ends with this one, however this one ends; when it dies of a job, or takes too long over it,
the job is refused and the next one gets a new process.
"""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from time import monotonic
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, cast

from anyio import CapacityLimiter, to_thread

from persistence.store import Store
from server.historianchild import LENGTH
from server.options import environment_of
from server.refusals import Busy, HistoryUnavailable, ShuttingDown
from server.settings import Settings
from server.telemetry import Telemetry

MOST_JOBS = 64  # under way and waiting; whoever asks beyond that is told to come again
LARGE = 1 << 16  # bytes of an answer; a larger one is unpacked in a thread
COMMAND = (sys.executable, "-P", "-m", "server.historianchild")

P = ParamSpec("P")
T = TypeVar("T")


class Historian:
    """`async with Historian(...)`: `run` answers inside; leaving it ends the process.

    `given` is a store that this app was handed instead of the settings' database. No other process
    can open it, so its jobs run in a thread. A job may take `seconds`, whatever waits before it not
    counted.
    """

    def __init__(
        self,
        settings: Settings,
        telemetry: Telemetry,
        given: Store | None,
        seconds: float,
    ) -> None:
        self._seconds = seconds
        self._settings = settings
        self._telemetry = telemetry
        self._given = given
        self._thread = CapacityLimiter(1)
        self._turn = asyncio.Lock()
        self._child: Process | None = None
        self._jobs: set[asyncio.Task[Any]] = set()
        self._ends: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._retiring = asyncio.get_running_loop().call_later(0, _nothing)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._retiring.cancel()
        for job in self._jobs:
            job.cancel()
        if left := [*self._jobs, *self._ends]:
            await asyncio.wait(left)
        await self._end()

    async def run(
        self, job: Callable[Concatenate[Store, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Give what `job(store, *args)` returns, or raise what it raises.

        The job is a function of a module, and its arguments and result can be pickled; a result of
        many small objects is dear, one of bytes is cheap. It goes on when the caller is cancelled.
        Busy when too many wait, HistoryUnavailable when it took too long or ended its process.
        """
        if len(self._jobs) >= MOST_JOBS:
            raise Busy("Too many ask about the past just now; please try again.")
        answer = self._in_thread if self._given else self._in_child
        task = asyncio.create_task(answer(job, args, named), name="historian's job")
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        try:
            return cast("T", await asyncio.shield(task))
        except asyncio.CancelledError:
            if task.cancelled():
                raise ShuttingDown("The server is about to stop.") from None
            task.add_done_callback(_read)
            raise

    async def _in_thread(self, job: Callable[..., Any], args: Any, named: Any) -> Any:
        return await to_thread.run_sync(
            lambda: job(self._given, *args, **named), limiter=self._thread
        )

    async def _in_child(self, job: Callable[..., Any], args: Any, named: Any) -> Any:
        question = pickle.dumps((job, args, named))
        async with self._turn:
            self._retiring.cancel()
            began = monotonic()
            try:
                answer = await self._ask(question)
            finally:
                self._telemetry.recalled(monotonic() - began)
                idle = self._settings.historian_idle_seconds
                self._retiring = asyncio.get_running_loop().call_later(idle, self._retire)
        went_well, value = await _unpack(answer)
        if went_well:
            return value
        raise value

    async def _ask(self, question: bytes) -> bytes:
        """Ask the process, which is started if there is none; it is ended if it does not answer."""
        try:
            async with asyncio.timeout(self._seconds):
                return await _exchange(await self._start(), question)
        except TimeoutError:
            await self._fail("It took too long.")
            raise HistoryUnavailable("This takes too long to be computed.") from None
        except (asyncio.IncompleteReadError, OSError):
            await self._fail("It ended before its answer.")
            raise HistoryUnavailable("This could not be computed; please try again.") from None
        except asyncio.CancelledError:
            await self._end()
            raise

    async def _start(self) -> Process:
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                *COMMAND,
                stdin=PIPE,
                stdout=PIPE,
                env=os.environ | environment_of(self._settings),
            )
        return self._child

    def _retire(self) -> None:
        """Give its memory back; the next job starts another one."""
        end = asyncio.create_task(self._end(), name="historian retires")
        self._ends.add(end)
        end.add_done_callback(self._ends.discard)

    async def _fail(self, why: str) -> None:
        self._telemetry.historians_lost.inc()
        self._telemetry.log.error("The historian is replaced.", why=why)
        await self._end()

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _exchange(child: Process, question: bytes) -> bytes:
    ours = cast("asyncio.StreamWriter", child.stdin)
    theirs = cast("asyncio.StreamReader", child.stdout)
    ours.write(LENGTH.pack(len(question)) + question)
    await ours.drain()
    (length,) = LENGTH.unpack(await theirs.readexactly(LENGTH.size))
    return await theirs.readexactly(length)


async def _unpack(answer: bytes) -> Any:
    if len(answer) > LARGE:  # the interpreter changes threads between many small objects
        return await to_thread.run_sync(pickle.loads, answer)
    return pickle.loads(answer)  # noqa: S301 - our own process wrote it


def _nothing() -> None:
    """No process is there to retire."""


def _read(task: asyncio.Task[Any]) -> None:
    """Take note of how it ended, since whoever asked has gone."""
    if not task.cancelled():
        task.exception()
