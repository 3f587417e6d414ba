"""Stock Yjs clients in Node, driven from a test: `await client.insert(position=0, text="a")`."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from tests.support import node

LINE_LIMIT = 64 * 1024 * 1024


class Stock:
    """One Node process with any number of clients, each of any version of y-websocket."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def open(self, name: str, **options: Any) -> "StockClient":
        """Make a document; `clientId` chooses its id."""
        await self.command("open", client=name, **options)
        return StockClient(self, name)

    async def complaints(self) -> list[str]:
        """Return what the packages printed: warnings, refusals, errors."""
        return list(await self.command("complaints"))

    async def until_complaint(self, about: str, times: int = 1) -> None:
        await self.command("untilComplaint", about=about, times=times)

    async def command(self, what: str, **more: Any) -> Any:
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"number": number, "do": what, **more}) + "\n"
        assert self._process.stdin
        self._process.stdin.write(line.encode())
        return await answer

    async def listen(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            told = json.loads(line)
            waiting = self._waiting.pop(told["number"])
            if waiting.done():
                continue  # nobody waits for this any more
            if "error" in told:
                waiting.set_exception(AssertionError(told["error"]))
            else:
                waiting.set_result(told["answer"])
        for waiting in self._waiting.values():
            waiting.set_exception(AssertionError("Node has ended"))


class StockClient:
    """One document with its provider; every method of `Client` in stock.js is one here."""

    def __init__(self, stock: Stock, name: str) -> None:
        self._stock = stock
        self._name = name

    def __getattr__(self, what: str) -> Callable[..., Awaitable[Any]]:
        async def command(**more: Any) -> Any:
            return await self._stock.command(what, client=self._name, **more)

        return command


@asynccontextmanager
async def stock() -> AsyncIterator[Stock]:
    """Run a Node process with stock clients for the length of a block."""
    process = await asyncio.create_subprocess_exec(
        node.program(), node.FOLDER / "stock.js", stdin=PIPE, stdout=PIPE, limit=LINE_LIMIT
    )
    stock = Stock(process)
    listening = asyncio.create_task(stock.listen())
    try:
        yield stock
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
        await listening
