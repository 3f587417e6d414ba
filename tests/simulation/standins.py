"""What stands in for threads and clocks in the server's modules while a simulation runs.

All is done on the one loop, each thing after a time that is drawn, and in no other order.
"""

import asyncio
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Self

import anyio
import pytest

from server import pace, reaper, screening, scribe
from server.member import Member

if TYPE_CHECKING:
    from tests.simulation.process import Process

HERE: ContextVar["Process"] = ContextVar("HERE")
"""The process that the running code belongs to."""

BEGINNING = datetime(2026, 3, 14, 12, 0, 0, tzinfo=UTC)

TINY = 64  # bytes; less than in a real server, so that something is screened


def monotonic() -> float:
    return asyncio.get_running_loop().time()


def unix_time() -> float:
    return BEGINNING.timestamp() + monotonic()


class VirtualDatetime(datetime):
    """A datetime whose `now` is the loop's."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return (BEGINNING + timedelta(seconds=monotonic())).astimezone(tz)  # type: ignore[return-value]


class Threads:
    """In the place of anyio.to_thread."""

    @staticmethod
    async def run_sync(
        work: Callable[..., Any], *arguments: Any, limiter: anyio.CapacityLimiter | None = None
    ) -> Any:
        """Do the work in the middle of the time that it takes."""
        process = HERE.get()
        if limiter is not None:
            async with limiter:
                return await Threads.run_sync(work, *arguments)
        await asyncio.sleep(process.work_seconds())
        answer = work(*arguments)
        await asyncio.sleep(process.work_seconds())
        return answer


class SimulatedScribe:
    """In the place of the one thread that commits: one thing after the other."""

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._process = HERE.get()
        self._free = 0.0  # the time at which it is
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.sleep(max(0.0, self._free - self._loop.time()))

    def do(self, work: Callable[..., Any], *arguments: Any) -> "asyncio.Future[Any]":
        """Do the work in the middle of the time that it takes."""
        done = self._loop.create_future()
        log = self._process.way.log
        begin = max(self._free, self._loop.time()) + log.duration()
        self._free = begin + log.duration()
        self._loop.call_at(begin, self._do, done, self._free, work, arguments)
        return done

    def _do(
        self,
        done: "asyncio.Future[Any]",
        told: float,
        work: Callable[..., Any],
        arguments: tuple[Any, ...],
    ) -> None:
        try:
            answer, error = work(*arguments), None
        except Exception as raised:  # noqa: BLE001 - it is for whoever waits
            answer, error = None, raised
        self._loop.call_at(told, _tell, done, answer, error)


def _tell(done: "asyncio.Future[Any]", answer: Any, error: Exception | None) -> None:
    if done.cancelled():
        return
    if error is None:
        done.set_result(answer)
    else:
        done.set_exception(error)


class Names:
    """In the place of secrets: a process is called by its name."""

    @staticmethod
    def token_urlsafe(_size: int) -> str:
        return HERE.get().name


class Numbered(Member):
    """A member whose place in a set does not depend on where it lies in memory."""

    __slots__ = ("_number",)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._number = HERE.get().next_number()
        super().__init__(*arguments, **named)

    def __hash__(self) -> int:
        return self._number


STAND_INS = (
    (time.monotonic, monotonic),
    (time.thread_time, monotonic),
    (time.time, unix_time),
    (datetime, VirtualDatetime),
    (anyio.to_thread, Threads),
    (scribe.Scribe, SimulatedScribe),
    (Member, Numbered),
    (secrets, Names),
)


@contextmanager
def stood_in() -> Iterator[pytest.MonkeyPatch]:
    """Have all modules of the server use the stand-ins inside the block."""
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("server."):
                for attribute, real, stand_in in _replaceable(module):
                    assert getattr(module, attribute) is real
                    patch.setattr(module, attribute, stand_in)
        patch.setattr(pace.Pace.__init__, "__defaults__", (monotonic,))
        patch.setattr(reaper, "give_back", lambda: None)
        patch.setattr(screening, "TINY", TINY)
        yield patch


def _replaceable(module: Any) -> list[tuple[str, Any, Any]]:
    return [
        (attribute, real, stand_in)
        for attribute, held in vars(module).items()
        for real, stand_in in STAND_INS
        if held is real
    ]
