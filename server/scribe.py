"""The scribe: the one thread that commits, and the shortest way there and back.

An executor makes two futures, two locks and a condition for each call and ties them together: in
the rhythm of turns that costs more than the commit's own statements.
"""

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self, TypeVar

T = TypeVar("T")
Work = tuple[Callable[..., Any], tuple[Any, ...], "asyncio.Future[Any]"]


class Scribe:
    """`async with Scribe()`: work is done in order, on a thread; leaving it waits for the rest."""

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._work: SimpleQueue[Work | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="scribe", daemon=True)
        self._thread.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._work.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def do(self, work: Callable[..., T], *arguments: Any) -> "asyncio.Future[T]":
        """Have `work` done after all else that was asked for; what comes of it is the future's."""
        done: asyncio.Future[T] = self._loop.create_future()
        self._work.put((work, arguments, done))
        return done

    def _run(self) -> None:
        while (asked := self._work.get()) is not None:
            work, arguments, done = asked
            try:
                result = work(*arguments)
            except BaseException as error:  # noqa: BLE001 - it is for whoever waits
                self._loop.call_soon_threadsafe(_fail, done, error)
            else:
                self._loop.call_soon_threadsafe(_tell, done, result)


def _tell(done: "asyncio.Future[T]", result: T) -> None:
    if not done.cancelled():  # whoever waited may have gone
        done.set_result(result)


def _fail(done: "asyncio.Future[T]", error: BaseException) -> None:
    if not done.cancelled():
        done.set_exception(error)
