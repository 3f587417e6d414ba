"""A websocket client on bare asyncio: cheap enough that one process can be hundreds of people."""

import asyncio
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NO_MASK = b"\0\0\0\0"  # a mask as any other, which leaves the bytes as they are
REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)


def framed(payload: bytes, kind: int = BINARY, *, last: bool = True) -> bytes:
    """Write a frame as a client does."""
    length = len(payload)
    if length < 126:
        size = bytes([0x80 | length])
    elif length < 1 << 16:
        size = b"\xfe" + length.to_bytes(2, "big")
    else:
        size = b"\xff" + length.to_bytes(8, "big")
    return bytes([(0x80 if last else 0) | kind]) + size + NO_MASK + payload


class RawSocket(asyncio.Protocol):
    """One connection; `receive` gets each message. `lost` is set when it has ended."""

    transport: asyncio.Transport

    def __init__(self, url: str, receive: Callable[[bytes], None], more: str = "") -> None:
        self._url = parts = urlsplit(url)
        self._head = REQUEST.format(
            path=f"{parts.path}?{parts.query}", host=parts.netloc, more=more
        )
        self._receive = receive
        self._buffer = bytearray()
        self._status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.lost = asyncio.Event()
        self.code: int | None = None  # with which the server closed

    async def open(self, buffer: int = 0) -> int:
        """Connect and give the status of the handshake: 101 when it is open, 0 without an answer.

        A small receive `buffer` (bytes) makes a reader that stops reading felt at once.
        """
        assert self._url.hostname
        assert self._url.port
        loop, bare = asyncio.get_running_loop(), socket.socket()
        if buffer:
            bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        bare.setblocking(False)
        try:
            await loop.sock_connect(bare, (self._url.hostname, self._url.port))
        except OSError:
            bare.close()
            raise
        await loop.create_connection(lambda: self, sock=bare)
        return await self.status()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._head.encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._status.done():
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            status = int(self._buffer[9:12])
            del self._buffer[: end + 4]
            self._status.set_result(status)
        if self._status.result() == 101:
            self._read_frames()

    def _read_frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) >= at + 2:
            start, length = at + 2, buffer[at + 1] & 0x7F
            if length > 125:
                width = 2 if length == 126 else 8
                start += width
                length = int.from_bytes(buffer[start - width : start], "big")
            if len(buffer) < start + length:
                break
            self._take(buffer[at] & 0x0F, bytes(buffer[start : start + length]))
            at = start + length
        del buffer[:at]

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == BINARY:
            self._receive(payload)
        elif kind == PING:
            self.transport.write(framed(payload, PONG))
        elif kind == CLOSE:
            self.code = int.from_bytes(payload[:2], "big")
            self.transport.write(framed(payload[:2], CLOSE))
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self.lost.set()
        if not self._status.done():
            self._status.set_result(0)

    async def status(self) -> int:
        """The HTTP status of the handshake."""
        return await asyncio.shield(self._status)

    def send(self, message: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(framed(message))

    def leave(self) -> None:
        """Say goodbye as a browser does."""
        if not self.transport.is_closing():
            self.transport.write(framed((1000).to_bytes(2, "big"), CLOSE))

    def abort(self) -> None:
        """Drop the connection without a word."""
        self.transport.abort()

    async def end(self) -> None:
        self.abort()
        await self.lost.wait()


async def dial(
    url: str, receive: Callable[[bytes], None], more: str = "", *, buffer: int = 0
) -> RawSocket:
    """Make a socket and open it."""
    client = RawSocket(url, receive, more)
    await client.open(buffer)
    return client
