"""`WS /sync/{slug}`: one connection, from the handshake to its close."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from time import time
from typing import cast

from starlette.websockets import WebSocket

from crdt.awareness import Showing
from crdt.errors import (
    ForeignClient,
    MalformedMessage,
    MalformedUpdate,
    MessageTooLarge,
    MissingDependencies,
    Refusal,
)
from crdt.messages import Presence, PresenceQuery, SyncStep1, SyncUpdate
from crdt.session import Session
from persistence.authors import Author
from persistence.errors import LogUnavailable
from server.admission import Visitor, admit
from server.catchup import catch_up
from server.limits import message_limits
from server.member import Member
from server.problems import code_of, problem
from server.refusals import StorageUnavailable, TooFast
from server.room import Room
from server.state import State
from server.submission import Submission
from server.tokens import ExpiredToken
from server.upgrade import EXTENSION, OpenWire
from server.wire import Loss


async def websocket_endpoint(websocket: WebSocket) -> None:
    """Admit a visitor and let its connection live on by itself."""
    state = cast("State", websocket.scope["state"])
    try:
        visitor = await admit(websocket, state)
        try:
            await _connect(websocket, state, visitor)
        except BaseException:
            visitor.leave()
            raise
    except (Refusal, LogUnavailable) as refusal:
        state["telemetry"].refused(code_of(refusal))
        await websocket.send_denial_response(problem(refusal))


async def _connect(websocket: WebSocket, state: State, visitor: Visitor) -> None:
    async with state["rooms"].open(visitor.article) as room:
        await websocket.accept()
        Connection(websocket.scope["extensions"][EXTENSION]["open"], state, visitor, room)


class Connection:
    """A member of a room, with its wire; it has no task of its own but for what takes long."""

    __slots__ = (
        "_catching_up",
        "_drained",
        "_expiry",
        "_member",
        "_room",
        "_state",
        "_tasks",
        "_visitor",
        "_wire",
    )

    def __init__(self, open_wire: OpenWire, state: State, visitor: Visitor, room: Room) -> None:
        identity, settings = visitor.identity, state["settings"]
        self._state = state
        self._visitor = visitor
        self._room = room
        self._wire = open_wire(self, visitor.meter.spend, settings.slow_reader_seconds)
        self._member = Member(
            Session(message_limits(settings), readonly=visitor.readonly),
            Showing(identity.author.id, _user(identity.author)) if identity else None,
            self._wire,
            settings.outbox_bytes,
            state["telemetry"],
            wants_attribution=visitor.wants_attribution,
            bring=visitor.meter.bring,
        )
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._catching_up = False
        self._drained: asyncio.Future[None] | None = None  # while catching up waits for the wire
        self._expiry = self._expire_later()
        self._enter()

    def _expire_later(self) -> asyncio.TimerHandle | None:
        identity = self._visitor.identity
        if identity is None:
            return None
        loop = asyncio.get_running_loop()
        expired = ExpiredToken("Your session has ended; please sign in again.")
        return loop.call_later(max(0.0, identity.expires - time()), self._member.close, expired)

    def _enter(self) -> None:
        identity = self._visitor.identity
        writes = not self._visitor.readonly
        oversized = writes and self._key in self._state["oversized"]
        author = identity.author if identity else None
        self._room.enter(self._member, author, ask=writes and not oversized)
        if oversized:
            self._member.tell(MessageTooLarge("What you have here is larger than a message."))

    @property
    def _key(self) -> tuple[str, str]:
        identity = self._visitor.identity
        return self._visitor.article.slug, identity.author.id if identity else ""

    def received(self, message: bytes | None) -> None:
        """Take a message in: its sender hears what is wrong with it, nobody else notices."""
        try:
            self._take(message)
        except (MalformedMessage, MalformedUpdate) as refusal:
            self._close(refusal)
        except Refusal as refusal:
            self._member.tell(refusal)

    def _close(self, refusal: Refusal) -> None:
        self._state["telemetry"].refused(refusal.code)
        self._member.close(refusal)

    def _take(self, data: bytes | None) -> None:
        if data is None:
            raise MalformedMessage("Messages are binary here, not text.")
        message = self._member.session.receive(data)
        if isinstance(message, SyncUpdate):
            self._submit(message.update)
        elif isinstance(message, SyncStep1):
            self._room.join(self._member, message.state_vector)
        elif isinstance(message, Presence):
            self._room.audience.present(self._member, message.entries)
        elif isinstance(message, PresenceQuery):
            self._room.audience.show_everybody(self._member)

    def _submit(self, update: bytes) -> None:
        """Put an update into the room, after screening if it is large."""
        submission = self._state["screening"].light(self._room, self._member, update)
        if submission is None:
            self._wire.hold()
            self._start(self._screen(update), "screening")
        else:
            self._member.submitted(len(update))
            self._room.submit(submission)

    async def _screen(self, update: bytes) -> None:
        """Have a large update checked; until that is done nothing more is read from its sender."""
        try:
            for submission in await self._pieces(update):
                self._member.submitted(len(submission.update))
                self._room.submit(submission)
        except MalformedUpdate as refusal:
            self._close(refusal)
        except Refusal as refusal:
            self._member.tell(refusal)
        finally:
            self._wire.release()

    async def _pieces(self, update: bytes) -> list[Submission]:
        """Screen; once more where what others stored, and is not here yet, may let it in."""
        screening, given = self._state["screening"], (self._room, self._member, update)
        head = self._room.head
        try:
            return await screening.pieces(*given)
        except (ForeignClient, MissingDependencies):
            with suppress(LogUnavailable):
                await self._state["rooms"].catch_up(self._room.article)
            if self._room.head == head:
                raise
        return await screening.pieces(*given)

    def slowed(self) -> None:
        """Tell who sends too much."""
        slow = "That is more at once than is read here; it goes on in a moment."
        self._member.inform(TooFast(slow))

    def writable(self) -> None:
        """Send what waits; when that is too little, what the log has."""
        if self._drained is not None:
            self._drained.set_result(None)
            self._drained = None
        elif self._member.outbox.flush() and not self._catching_up:
            self._catching_up = True
            self._start(self._catch_up(), "catching up")

    def _start(self, work: Coroutine[None, None, None], name: str) -> None:
        running = [task for task in self._tasks if not task.done()]
        self._tasks = (*running, asyncio.create_task(work, name=name))

    async def _catch_up(self) -> None:
        try:
            await catch_up(self._state["store"], self._room, self._member, self._send)
        except LogUnavailable:
            self._state["telemetry"].fault("The log could not be read for a slow reader.")
            self._close(StorageUnavailable("The article cannot be read just now; come back soon."))
        finally:
            self._catching_up = False

    async def _send(self, frames: bytes) -> None:
        """Send, and wait until the wire takes more."""
        self._wire.send(frames)
        if not self._wire.ready:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained

    def lost(self, loss: Loss) -> None:
        """Leave the room."""
        telemetry = self._state["telemetry"]
        telemetry.left(loss)
        if loss == "too-large":
            self._state["oversized"].note(self._key)
            telemetry.refused(MessageTooLarge.code)
        if self._expiry is not None:
            self._expiry.cancel()
        for task in self._tasks:
            task.cancel()
        self._room.audience.leave(self._member)
        self._visitor.leave()


def _user(author: Author) -> dict[str, str]:
    """What everybody sees of the author next to the cursor; the names are y-codemirror's."""
    colour = author.colour
    return {"id": author.id, "name": author.name, "color": colour, "colorLight": f"{colour}33"}
