"""A client in Python: a pycrdt document behind a websocket that speaks as y-websocket does."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

import anyio
from pycrdt import Doc, Text, TransactionEvent
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support import node, wire
from tests.support.ledger import ID, Ledger

PATIENCE = 90.0  # seconds until a condition that should have come true is given up
ROOT = "content"


class Made(NamedTuple):
    """One edit of this client: the IDs that it inserted and deleted, and its bytes."""

    inserted: list[ID]
    deleted: list[ID]
    update: bytes


def _made(client: int, event: TransactionEvent) -> Made:
    before = dict(wire.state_vector(event.before_state)).get(client, 0)
    after = dict(wire.state_vector(event.after_state)).get(client, 0)
    deleted = [
        (other, clock)
        for other, start, length in wire.id_ranges(event.delete_set)
        for clock in range(start, start + length)
    ]
    return Made([(client, clock) for clock in range(before, after)], deleted, event.update)


class Replica:
    """One connected client; `hold` keeps what others write back until it is asked for."""

    def __init__(self, socket: ClientConnection, doc: Doc, *, hold: bool = False) -> None:
        self.doc = doc
        self.content: Text = doc.get(ROOT, type=Text)
        self.ledger = Ledger()
        self.received = Ledger() if hold else self.ledger
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
        self.made: list[Made] = []
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
        """Whether everything that was made here has its receipt; made edits are then forgotten."""
        while self.made and self.received.covers(self.made[0].inserted, self.made[0].deleted):
            del self.made[0]
        return not self.made

    def authors(self) -> list[str | None]:
        """The author of each code point of the text, as the attribution messages tell.

        pycrdt cannot tell the IDs of its text, so Yjs is asked to walk it.
        """
        state = b64encode(self.doc.get_update()).decode()
        runs = json.loads(node.run("walk.js", stdin=state))
        ids = iter([(client, clock + n) for client, clock, length in runs for n in range(length)])
        authors = []
        for character in self.text:
            authors.append(self.ledger.inserted.get(next(ids)))
            for _ in range(len(character.encode("utf-16-le")) // 2 - 1):
                next(ids)
        return authors

    # What the wire brings

    def release(self) -> None:
        """Let in the first message that was held back."""
        attribution, update = self.held.pop(0)
        if attribution is not None:
            _attribute(attribution, self.ledger)
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
            _attribute(frame, self.received)
        else:
            for ledger in {id(each): each for each in (self.ledger, self.received)}.values():
                _attribute(frame, ledger)

    def _apply(self, update: bytes) -> None:
        self._remote = True
        try:
            self.doc.apply_update(update)
        finally:
            self._remote = False

    def _observed(self, event: TransactionEvent) -> None:
        if not self._remote:
            self.made.append(_made(self.client_id, event))
            self.send_update(event.update)

    def _byte(self, position: int) -> int:
        return len(self.text[:position].encode())

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Listen and speak for the length of a block; what went wrong there is raised here."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._speak())]
        try:
            yield
        finally:
            self.doc.unobserve(self._subscription)
            await self._socket.close()
            tasks[1].cancel()
            await asyncio.wait(tasks)
            self._outgoing.close()
            self._queue.close()
        tasks[0].result()


def _attribute(frame: bytes, ledger: Ledger) -> None:
    reader = wire.Reader(frame)
    assert reader.uint() == wire.ATTRIBUTION
    ledger.read(reader)
    assert reader.done(), "bytes after an attribution message"


@asynccontextmanager
async def join(
    url: str,
    *,
    doc: Doc | None = None,
    client_id: int | None = None,
    hold: bool = False,
    presence: Any = None,
) -> AsyncIterator[Replica]:
    """Join the article at a websocket URL; ready once everything stored has arrived."""
    doc = doc or Doc(client_id=client_id)
    # Whoever comes while a worker is replaced waits for the next one, on a busy machine for long.
    async with connect(url, max_size=None, compression=None, open_timeout=PATIENCE) as socket:
        replica = Replica(socket, doc, hold=hold)
        async with replica.run():
            replica.send(wire.sync(wire.STEP_1, doc.get_state()))
            if presence is not None:
                replica.greet(**presence)
            await replica.until(lambda: replica.synced or replica.closed, "the first sync")
            yield replica
