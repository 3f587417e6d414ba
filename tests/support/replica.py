"""A client in Python: a pycrdt document behind a websocket that speaks as y-websocket does."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import anyio
from anyio.abc import TaskGroup
from pycrdt import Assoc, Doc, Text, TransactionEvent
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support import wire
from tests.support.ledger import ID, Ledger

PATIENCE = 30.0  # seconds until a condition that should have come true is given up
ROOT = "content"


class Replica:
    """One connected client; `hold` keeps what others write back until it is asked for."""

    def __init__(self, socket: ClientConnection, doc: Doc, *, hold: bool = False) -> None:
        self.doc = doc
        self.content: Text = doc.get(ROOT, type=Text)
        self.ledger = Ledger()
        self.refusals: list[str] = []
        self.presences: dict[int, Any] = {}
        self.unknown: list[bytes] = []
        self.frames = 0
        self.synced = False
        self.closed: tuple[int | None, str] | None = None
        self.held: list[tuple[bytes | None, bytes]] = []
        self._hold = hold
        self._attribution: bytes | None = None
        self._socket = socket
        self._remote = False
        self._changed = anyio.Event()
        self._outgoing, self._queue = anyio.create_memory_object_stream[bytes](1_000_000)
        self.events: list[TransactionEvent] = []
        self._subscription = doc.observe(self._observed)

    # What a person does

    @property
    def client_id(self) -> int:
        return self.doc.client_id

    @property
    def text(self) -> str:
        return str(self.content)

    def insert(self, position: int, text: str) -> None:
        """Write at a position in code points."""
        self.content.insert(self._byte(position), text)

    def delete(self, position: int, length: int) -> None:
        """Delete code points."""
        del self.content[self._byte(position) : self._byte(position + length)]

    def append(self, text: str) -> None:
        self.insert(len(self.text), text)

    def send(self, frame: bytes) -> None:
        """Send any bytes as one message; never waits."""
        self._outgoing.send_nowait(frame)

    def send_update(self, update: bytes) -> None:
        self.send(wire.sync(wire.UPDATE, update))

    def greet(self, **state: Any) -> None:
        """Say who is here, as every editor does when it opens."""
        self.send(wire.awareness((self.client_id, 1, {"user": {"name": "me"}, **state})))

    async def close(self) -> None:
        await self._socket.close()

    def kill(self) -> None:
        """Drop the connection without a word, as a lost network does."""
        self._socket.transport.abort()

    # What a test asks

    async def until(self, condition: Callable[[], Any], why: str = "") -> None:
        """Wait for something that messages bring about; TimeoutError when it does not come."""
        with anyio.move_on_after(PATIENCE) as scope:
            while not condition():
                await self._changed.wait()
        if scope.cancelled_caught and not condition():
            message = (
                f"{why or 'a condition'} did not come; {self.text[:80]!r} {self.refusals[-3:]}"
            )
            raise TimeoutError(message)

    async def until_text(self, text: str) -> None:
        await self.until(lambda: self.text == text, f"the text {text[:80]!r}")

    async def until_stored(self) -> None:
        """Wait for the receipt of everything that was written here."""
        await self.until(self.stored, "the receipt")

    def stored(self) -> bool:
        """Whether all of this client's insertions and of the visible text are in the ledger."""
        return all(name in self.ledger.inserted for name in self.ids())

    def ids(self) -> list[ID]:
        """The ID of each UTF-16 unit of the text, in document order."""
        units = len(self.text.encode("utf-16-le")) // 2
        return [self._id(index) for index in range(units)]

    def authors(self) -> list[str | None]:
        """The author of each code point of the text, as the attribution messages tell."""
        ids, authors, unit = self.ids(), [], 0
        for character in self.text:
            authors.append(self.ledger.inserted.get(ids[unit]))
            unit += len(character.encode("utf-16-le")) // 2
        return authors

    # What the wire brings

    def release(self) -> None:
        """Let in the first message that was held back."""
        attribution, update = self.held.pop(0)
        if attribution is not None:
            self._attribute(attribution)
        self._apply(update)

    async def _listen(self) -> None:
        with suppress(ConnectionClosed):
            async for frame in self._socket:
                self.frames += 1
                self._receive(frame)
                self._notify()
        self.closed = (self._socket.close_code, self._socket.close_reason or "")
        self._notify()

    async def _speak(self) -> None:
        with suppress(ConnectionClosed):
            async for frame in self._queue:
                await self._socket.send(frame)

    def _notify(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    def _receive(self, frame: bytes | str) -> None:
        assert isinstance(frame, bytes), f"a text message: {frame!r}"
        reader = wire.Reader(frame)
        kind = reader.uint()
        if kind == wire.SYNC:
            self._synchronise(reader.uint(), reader.array())
        elif kind == wire.ATTRIBUTION:
            self._attribution_came(frame)
        elif kind == wire.AWARENESS:
            self.presences |= {c: state for c, _, state in wire.presences(reader.array())}
        elif kind == wire.AUTH and reader.uint() == wire.PERMISSION_DENIED:
            self.refusals.append(reader.string())
        else:
            self.unknown.append(frame)

    def _synchronise(self, kind: int, content: bytes) -> None:
        if kind == wire.STEP_1:
            self.send(wire.sync(wire.STEP_2, self.doc.get_update(content)))
        elif self._hold and kind == wire.UPDATE:
            self.held.append((self._attribution, content))
            self._attribution = None
        else:
            self._apply(content)
            self.synced = self.synced or kind == wire.STEP_2

    def _attribution_came(self, frame: bytes) -> None:
        if self._hold and self.synced:
            assert self._attribution is None, "an attribution without its update"
            self._attribution = frame
        else:
            self._attribute(frame)

    def _attribute(self, frame: bytes) -> None:
        reader = wire.Reader(frame)
        assert reader.uint() == wire.ATTRIBUTION
        self.ledger.read(reader)
        assert reader.done(), "bytes after an attribution message"

    def _apply(self, update: bytes) -> None:
        self._remote = True
        try:
            self.doc.apply_update(update)
        finally:
            self._remote = False

    def _observed(self, event: TransactionEvent) -> None:
        if not self._remote:
            self.events.append(event)
            self.send_update(event.update)

    def _byte(self, position: int) -> int:
        return len(self.text[:position].encode())

    def _id(self, unit: int) -> ID:
        sticky = self.content.sticky_index(unit, Assoc.AFTER).to_json()["item"]
        return sticky["client"], sticky["clock"]

    async def _start(self, tasks: TaskGroup, presence: Any) -> Self:
        tasks.start_soon(self._speak)
        tasks.start_soon(self._listen)
        self.send(wire.sync(wire.STEP_1, self.doc.get_state()))
        if presence is not None:
            self.greet(**presence)
        return self


@asynccontextmanager
async def join(
    url: str,
    *,
    doc: Doc | None = None,
    client_id: int | None = None,
    hold: bool = False,
    presence: Any = None,
    wait: bool = True,
) -> AsyncIterator[Replica]:
    """Join the article at a websocket URL; ready once everything stored has arrived."""
    doc = doc or Doc(client_id=client_id)
    async with connect(url, max_size=None, compression=None) as socket:
        replica = Replica(socket, doc, hold=hold)
        async with anyio.create_task_group() as tasks:
            await replica._start(tasks, presence)
            if wait:
                await replica.until(lambda: replica.synced or replica.closed, "the first sync")
            try:
                yield replica
            finally:
                replica.doc.unobserve(replica._subscription)
                await socket.close()
                tasks.cancel_scope.cancel()
