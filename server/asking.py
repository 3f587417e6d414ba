"""Asking: the HTTP side of a connection, which has to ask for something in time.

uvicorn waits for ever for the end of a request. Here its head has some seconds, its body some more;
and of the connections that have not asked yet, each of which costs memory, only so many may wait.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.settings import Settings

MOST_HEAD_BYTES = 64 * 1024


class HalfOpen:
    """The connections that have not asked yet; of more than `most` the oldest is ended."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[Asking, None] = {}  # oldest first

    def __len__(self) -> int:
        """How many there are."""
        return len(self._waiting)

    def __contains__(self, connection: "Asking") -> bool:
        """Whether this one has not asked yet."""
        return connection in self._waiting

    def add(self, connection: "Asking") -> None:
        """Note one more."""
        self._waiting[connection] = None
        if len(self._waiting) > self._most:
            next(iter(self._waiting)).end()

    def remove(self, connection: "Asking") -> None:
        """Forget one that has asked or gone; doing so again changes nothing."""
        self._waiting.pop(connection, None)


class Asking(HttpToolsProtocol):
    """uvicorn's protocol with deadlines; see `asking` for its limits."""

    head_seconds: ClassVar[float]
    body_seconds: ClassVar[float]
    half_open: ClassVar[HalfOpen]

    _deadline: asyncio.TimerHandle | None = None
    _head_bytes = 0

    @property
    def arrives(self) -> bool:
        """Whether it has come and not asked yet."""
        return self in self.half_open

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take in bytes; the head of a request may have only so many."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self in self.half_open and self._head_bytes > MOST_HEAD_BYTES:
            self.end()

    def on_message_begin(self) -> None:
        """Hear that a request begins, which may be another one on this connection."""
        super().on_message_begin()
        if self not in self.half_open:
            self._head_bytes = 0
            self._await_head()

    def on_headers_complete(self) -> None:
        """Serve the request; its body may still be on its way."""
        self.half_open.remove(self)
        self._end_after(self.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Hear that the request is here."""
        self._stop_waiting()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hear that it is over."""
        self._stop_waiting()
        super().connection_lost(exc)

    def end(self) -> None:
        """End the connection without an answer, which nobody waits for."""
        self._stop_waiting()
        self.transport.abort()

    def _await_head(self) -> None:
        self.half_open.add(self)
        self._end_after(self.head_seconds)

    def _end_after(self, seconds: float) -> None:
        self._cancel()
        self._deadline = self.loop.call_later(seconds, self.end)

    def _stop_waiting(self) -> None:
        self._cancel()
        self.half_open.remove(self)

    def _cancel(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def asking(settings: Settings) -> type[Asking]:
    """Make the class of one server's connections."""

    class Limited(Asking):
        head_seconds = settings.handshake_seconds
        body_seconds = settings.request_seconds
        half_open = HalfOpen(settings.half_open_connections)

    return Limited
