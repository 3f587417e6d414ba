"""`WS /sync/{slug}`: one connection, from the handshake to its close."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from time import time
from typing import Any, cast

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from crdt.awareness import Showing
from crdt.errors import MalformedMessage, MalformedUpdate, MessageTooLarge, Refusal
from crdt.messages import Presence, PresenceQuery, SyncStep1, SyncUpdate
from crdt.session import Session
from persistence.authors import Author
from persistence.errors import LogUnavailable
from server.admission import Visitor, admit
from server.catchup import catch_up
from server.limits import message_limits
from server.member import Member
from server.outbox import Outbox
from server.problems import code_of, problem
from server.refusals import StorageUnavailable
from server.room import Room
from server.state import State
from server.tokens import ExpiredToken

TOO_BIG = 1009  # the close code with which the websocket library answers what is beyond its limit
REASON_BYTES = 123  # what a close frame holds


async def websocket_endpoint(websocket: WebSocket) -> None:
    """Admit a visitor and serve it until either side ends the connection."""
    state = cast("State", websocket.scope["state"])
    try:
        visitor = await admit(websocket, state)
        async with state["rooms"].open(visitor.article) as room:
            await websocket.accept()
            await Connection(websocket, state, visitor, room).serve()
    except (Refusal, LogUnavailable) as refusal:
        state["telemetry"].refused(code_of(refusal))
        await websocket.send_denial_response(problem(refusal))


class Connection:
    """A member of a room, with its socket."""

    def __init__(self, websocket: WebSocket, state: State, visitor: Visitor, room: Room) -> None:
        identity, settings = visitor.identity, state["settings"]
        self._websocket = websocket
        self._state = state
        self._visitor = visitor
        self._room = room
        self._session = Session(message_limits(settings), readonly=visitor.readonly)
        self._member = Member(
            self._session,
            Showing(identity.author.id, _user(identity.author)) if identity else None,
            Outbox(settings.outbox_bytes),
            state["telemetry"],
            wants_attribution=visitor.wants_attribution,
        )

    async def serve(self) -> None:
        """Receive and deliver until one of them ends, the token expires or the room says so."""
        self._enter()
        try:
            refusal = await _first(
                self._receive(), self._deliver_or_fail(), self._expire(), self._until_closed()
            )
        finally:
            self._room.audience.leave(self._member)
        await self._close(refusal)

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

    async def _receive(self) -> Refusal | None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                if message.get("code") == TOO_BIG:
                    self._state["oversized"].note(self._key)
                    self._state["telemetry"].refused(MessageTooLarge.code)
                return None
            try:
                await self._take(message.get("bytes"))
            except (MalformedMessage, MalformedUpdate) as refusal:
                self._state["telemetry"].refused(refusal.code)
                return refusal
            except Refusal as refusal:
                self._member.tell(refusal)

    async def _take(self, data: bytes | None) -> None:
        if data is None:
            raise MalformedMessage("Messages are binary here, not text.")
        message = self._session.receive(data)
        if isinstance(message, SyncUpdate):
            await self._submit(message.update)
        elif isinstance(message, SyncStep1):
            self._room.join(self._member, message.state_vector)
        elif isinstance(message, Presence):
            self._room.audience.present(self._member, message.entries)
        elif isinstance(message, PresenceQuery):
            self._room.audience.show_everybody(self._member)

    async def _submit(self, update: bytes) -> None:
        """Put an update into the room, after screening if it is large; wait while many wait."""
        async for submission in self._state["screening"].submissions(
            self._room, self._member, update
        ):
            self._room.submit(submission)
            await self._member.submitted()

    async def _deliver(self) -> Refusal | None:
        outbox = self._member.outbox
        send = self._websocket.send_bytes
        with suppress(WebSocketDisconnect):
            while True:
                parcels = await outbox.take()
                for parcel in parcels:
                    for frame in parcel.frames:
                        await send(frame)
                    outbox.sent = outbox.sent if parcel.seq is None else parcel.seq
                if not parcels:
                    await catch_up(self._state["store"], self._room, self._member, send)
        return None

    async def _deliver_or_fail(self) -> Refusal | None:
        try:
            return await self._deliver()
        except LogUnavailable:
            self._state["telemetry"].fault("The log could not be read for a slow reader.")
            return StorageUnavailable("The article cannot be read just now; please come back.")

    async def _expire(self) -> Refusal | None:
        identity = self._visitor.identity
        if identity is None:
            return await asyncio.Future()
        await asyncio.sleep(identity.expires - time())
        return ExpiredToken("Your session has ended; please sign in again.")

    async def _until_closed(self) -> Refusal | None:
        return await self._member.closing

    async def _close(self, refusal: Refusal | None) -> None:
        if refusal is None or self._websocket.client_state != WebSocketState.CONNECTED:
            return
        reason = refusal.reason.encode()[:REASON_BYTES].decode(errors="ignore")
        with suppress(WebSocketDisconnect, RuntimeError):  # the client may have gone meanwhile
            await self._websocket.close(refusal.close, reason)


def _user(author: Author) -> dict[str, str]:
    """What everybody sees of the author next to the cursor; the names are y-codemirror's."""
    colour = author.colour
    return {"id": author.id, "name": author.name, "color": colour, "colorLight": f"{colour}33"}


async def _first(*works: Coroutine[Any, Any, Refusal | None]) -> Refusal | None:
    """Run all until the first ends; end the others, and give its result."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return next(iter(done)).result()
