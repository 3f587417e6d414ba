"""Rooms without sockets: guests whose frames a test reads from their outboxes."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import anyio
from pycrdt import Doc, Text

from crdt.awareness import Showing
from crdt.errors import Refusal
from crdt.session import Session
from persistence.articles import Article
from persistence.authors import Author
from persistence.log import Append, Theirs
from persistence.store import MemoryStore, Store
from server.bus import Bus, Hub, LocalBus
from server.limits import loop_rules, message_limits
from server.member import Member
from server.outbox import Outbox
from server.room import Room
from server.rooms import Rooms
from server.settings import Settings
from server.submission import Submission
from server.telemetry import Telemetry
from tests.support import stores, wire
from tests.support.ledger import Ledger
from tests.support.replica import ROOT

PATIENCE = 30.0
SETTINGS = Settings(sample_article=False, log_level="error")


async def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait until a condition holds; TimeoutError when it never does."""
    with anyio.fail_after(seconds):
        while not condition():  # noqa: ASYNC110 - a condition of any kind
            await asyncio.sleep(0.001)


class SlowLog:
    """A log whose appends wait while it is `blocked`, and fail with what stands in `errors`."""

    def __init__(self, log: Any) -> None:
        self._log = log
        self._open = threading.Event()
        self._open.set()
        self.began = 0
        self.errors: list[Exception] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def block(self) -> None:
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    def append(self, batch: Sequence[Append], at: datetime) -> Theirs:
        self.began += 1
        assert self._open.wait(PATIENCE)
        if self.errors:
            raise self.errors.pop(0)
        theirs: Theirs = self._log.append(batch, at)
        return theirs


class SlowStore(MemoryStore):
    """A store in memory with a log that can be held up."""

    def __init__(self) -> None:
        super().__init__()
        self.log: SlowLog = SlowLog(self.log)  # type: ignore[assignment,has-type]


class Shelf:
    """A wire of a test: what is sent lies here; it takes nothing but while a test reads."""

    def __init__(self) -> None:
        self.ready = False
        self.holds = 0
        self.sent: list[bytes] = []
        self.farewell: tuple[int, str] | None = None

    def send(self, frames: bytes) -> None:
        assert self.ready or frames
        self.sent += messages(frames)

    def hold(self) -> None:
        self.holds += 1

    def release(self) -> None:
        self.holds -= 1

    def close(self, code: int, reason: str) -> None:
        self.farewell = self.farewell or (code, reason)

    def take(self, outbox: Outbox) -> list[bytes]:
        """Read all that waits in the outbox."""
        self.ready = True
        outbox.flush()
        self.ready = False
        taken, self.sent = self.sent, []
        return taken


def messages(frames: bytes) -> list[bytes]:
    """Take websocket frames from a server apart."""
    found, position = [], 0
    while position < len(frames):
        assert frames[position] == 0x82
        begin, size = position + 2, frames[position + 1]
        if size > 125:
            width = 2 if size == 126 else 8
            size = int.from_bytes(frames[begin : begin + width])
            begin += width
        found.append(frames[begin : begin + size])
        position = begin + size
    return found


class Guest:
    """A client without a socket: a document, and a member in a room."""

    def __init__(
        self,
        house: "House",
        room: Room,
        author: Author | None,
        *,
        attribution: bool = False,
        outbox_bytes: int = 1 << 20,
        doc: "Doc[Text] | None" = None,
        ask: bool = False,
    ) -> None:
        showing = Showing(author.id, {"id": author.id, "name": author.name}) if author else None
        session = Session(message_limits(house.settings), readonly=author is None)
        self.room = room
        self.wire = Shelf()
        self.member = Member(
            session,
            showing,
            self.wire,
            outbox_bytes,
            house.telemetry,
            wants_attribution=attribution,
        )
        self.doc: Doc[Text] = doc or Doc()
        self.content = self.doc.get(ROOT, type=Text)
        self.ledger = Ledger()
        self.frames: list[bytes] = []
        self.asked: list[bytes] = []
        self.refusals: list[str] = []
        self.presences: dict[int, Any] = {}
        self._rules = loop_rules(house.settings)
        room.enter(self.member, author, ask=ask)

    @property
    def text(self) -> str:
        return str(self.content)

    @property
    def closed(self) -> Refusal | None:
        return self.member.closed

    def join(self) -> None:
        self.room.join(self.member, self.doc.get_state())

    def leave(self) -> None:
        self.room.audience.leave(self.member)

    def make(self, text: str, at: int | None = None) -> bytes:
        """Edit the own document only, and give the update."""
        place = len(self.text.encode()) if at is None else at
        return self.edit(lambda content: content.insert(place, text))

    def edit(self, change: Callable[[Text], Any]) -> bytes:
        """Change the own document only, in any way, and give the update."""
        before = self.doc.get_state()
        change(self.content)
        return self.doc.get_update(before)

    def type(self, text: str) -> None:
        self.submit(self.make(text))

    def submit(self, update: bytes) -> None:
        self.submit_piece(Submission(self.member, update, self._rules))

    def submit_piece(self, submission: Submission) -> None:
        self.member.submitted(len(submission.update))
        self.room.submit(submission)

    def pending(self) -> int:
        """How many parcels wait in the outbox."""
        return len(self.member.outbox._parcels)

    async def read(self) -> list[bytes]:
        """Take in what waits in the outbox, without waiting when there is nothing."""
        frames = self.wire.take(self.member.outbox)
        for frame in frames:
            await self.receive(frame)
        return frames

    async def stored(self, text: str) -> None:
        """Type, and wait until it is in the log and on its way to everybody."""
        head = self.room.head
        self.type(text)
        await until(lambda: self.room.head > head)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Read until something has come."""
        with anyio.fail_after(PATIENCE):
            while not condition():
                await self.read()
                await asyncio.sleep(0.001)

    async def receive_frames(self, frames: bytes) -> None:
        for message in messages(frames):
            await self.receive(message)

    async def receive(self, frame: bytes) -> None:
        self.frames.append(frame)
        reader = wire.Reader(frame)
        kind = reader.uint()
        if kind == wire.SYNC:
            step, body = reader.uint(), reader.array()
            self.asked.append(body) if step == wire.STEP_1 else self.doc.apply_update(body)
        elif kind == wire.ATTRIBUTION:
            self.ledger.read(reader)
        elif kind == wire.AUTH:
            reader.uint()
            self.refusals.append(reader.string())
        else:
            self.presences |= {c: state for c, _, state in wire.presences(reader.array())}


@dataclass
class House:
    """Open rooms over a store, and three people."""

    store: Store
    rooms: Rooms
    settings: Settings
    telemetry: Telemetry
    ada: Author
    bob: Author
    cyd: Author
    _articles: list[Article] = field(default_factory=list)

    def article(self) -> Article:
        made = stores.begun(self.store, slug=f"article-{len(self._articles)}")
        self._articles.append(made)
        return made

    async def room(self, article: Article) -> Room:
        async with self.rooms.open(article) as room:
            return room

    async def guest(self, article: Article, author: Author | None, **more: Any) -> Guest:
        """Let somebody in, who gets the article first."""
        guest = Guest(self, await self.room(article), author, **more)
        guest.join()
        await guest.until(lambda: guest.member.joined and not guest.pending())
        return guest


@asynccontextmanager
async def house(
    store: Store | None = None, bus: Bus | None = None, **settings: Any
) -> AsyncIterator[House]:
    """Open rooms for the length of a block; leaving it commits what is queued."""
    store = store or SlowStore()
    chosen = SETTINGS.model_copy(update=settings)
    telemetry = Telemetry()
    people = store.authors.many(["ada", "bob", "cyd"]) or {
        author.id: author for author in stores.known(store, "ada", "bob", "cyd")
    }
    async with Rooms(store, chosen, telemetry, bus=bus) as rooms:
        yield House(store, rooms, chosen, telemetry, *(people[n] for n in ("ada", "bob", "cyd")))


class Lossy(LocalBus):
    """An endpoint whose messages go nowhere while it is `deaf`, which nobody is told of."""

    deaf = False

    def publish(self, article: int, message: bytes) -> None:
        if not self.deaf:
            super().publish(article, message)


@asynccontextmanager
async def town(**settings: Any) -> AsyncIterator[tuple[House, House]]:
    """Two houses over one store, each with a slow log of its own, which hear of each other."""
    shared, hub = MemoryStore(), Hub()
    stores.known(shared, "ada", "bob", "cyd")

    def view() -> Store:
        seen = copy(shared)
        seen.log = SlowLog(shared.log)  # type: ignore[assignment]
        return seen

    async with (
        house(view(), Lossy(hub), **settings) as one,
        house(view(), Lossy(hub), **settings) as two,
    ):
        yield one, two


def bus_of(house: House) -> Lossy:
    bus = house.rooms._neighbours._bus
    assert isinstance(bus, Lossy)
    return bus
