"""pycrdt's own `Provider` over a websocket: what a Python program would write."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from pycrdt import Doc, Provider, Text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 30.0  # seconds until a text that should have come is given up


class Socket:
    """A websocket as the channel that pycrdt asks for."""

    def __init__(self, connection: ClientConnection, path: str) -> None:
        self._connection = connection
        self.path = path

    def __aiter__(self) -> "Socket":
        return self

    async def __anext__(self) -> bytes:
        try:
            return await self.recv()
        except ConnectionClosed:
            raise StopAsyncIteration from None

    async def send(self, message: bytes) -> None:
        await self._connection.send(message)

    async def recv(self) -> bytes:
        message = await self._connection.recv()
        assert isinstance(message, bytes)
        return message


class Provided:
    """A document that pycrdt's provider keeps in step with the article."""

    def __init__(self, doc: Doc) -> None:
        self.text = doc.get("content", type=Text)
        self._doc = doc

    async def until_text(self, text: str) -> None:
        """Wait for a text; TimeoutError when it does not come."""
        with anyio.fail_after(PATIENCE):
            async with self._doc.events() as events:
                while str(self.text) != text:
                    await anext(events)


@asynccontextmanager
async def provided(url: str) -> AsyncIterator[Provided]:
    """Join the article at a websocket URL; ready once everything stored has arrived."""
    doc: Doc = Doc()
    async with (
        connect(url, compression=None) as connection,
        Provider(doc, Socket(connection, url)) as provider,
    ):
        await provider.synced.wait()
        yield Provided(doc)
