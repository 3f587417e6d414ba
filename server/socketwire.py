"""A wire that is a socket: the protocol of a connection once its handshake is done.

It stands on the transport itself, without a task or a queue of its own. Whole binary messages, by
far the most of what comes, are read here; all else (fragments, control frames, whatever breaks the
rules) is the websocket library's business.
"""

import asyncio
from typing import cast

from websockets.frames import CloseCode, Frame, Opcode
from websockets.frames import apply_mask as unmask  # type: ignore[attr-defined]  # the quick one
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from server.frames import BINARY, MASKED, PING, payload_range
from server.stall import Stall
from server.wire import Listener, Loss, Spend

FRAMES_AT_ONCE = 256  # of one socket; then the others have their turn
PING_SECONDS = 20.0  # a client that is silent from one ping to the next has gone
FAREWELL_SECONDS = 5.0  # for a client to answer our close frame
MASK = 4


class SocketWire(asyncio.Protocol):
    """One connection; `listener` hears what comes, `spend` counts every frame of it.

    Whoever takes nothing out of a full socket for `stall_seconds` is cut off: it would cost memory
    for as long as it likes, and hears it all when it comes back.
    """

    __slots__ = (
        "_buffer",
        "_closing",
        "_conn",
        "_heard",
        "_holds",
        "_listener",
        "_loop",
        "_loss",
        "_message",
        "_paused",
        "_ping",
        "_spend",
        "_stall",
        "_transport",
        "ready",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        conn: ServerProtocol,
        listener: Listener,
        spend: Spend,
        stall_seconds: float,
    ) -> None:
        self.ready = True
        self._transport = transport
        self._conn = conn
        self._listener = listener
        self._spend = spend
        self._loop = asyncio.get_running_loop()
        self._buffer: bytes | bytearray = b""
        self._message: bytearray | None = None  # of fragments
        self._holds = 0
        self._paused = False
        self._closing = False
        self._heard = True
        self._loss: Loss = "closed"
        self._stall = Stall(transport, stall_seconds, lambda: self._cut("stalled"))
        self._ping = self._loop.call_later(PING_SECONDS, self._keep_alive)

    def send(self, frames: bytes) -> None:
        """Hand frames to the transport; a closing wire drops them."""
        if not self._closing:
            self._transport.write(frames)

    def hold(self) -> None:
        """Read nothing more until as many `release` calls have come."""
        self._holds += 1
        self._pause()

    def release(self) -> None:
        """Take back one `hold`."""
        self._holds -= 1
        if not self._holds:
            self._loop.call_soon(self._read)

    def _pause(self) -> None:
        self._paused = True
        self._transport.pause_reading()

    def close(self, code: int, reason: str) -> None:
        """Send a close frame and end the connection when it is answered, or soon after."""
        if self._closing:
            return
        self._closing = True
        if self._conn.state is OPEN:
            self._conn.send_close(code, reason)
            self._transport.write(b"".join(self._conn.data_to_send()))
        if self._holds:
            self._loop.call_soon(self._read)  # the answer is to be read
        self._ping.cancel()
        self._ping = self._loop.call_later(FAREWELL_SECONDS, self._transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take in bytes of any number of frames."""
        self._heard = True
        if not self._buffer:
            self._buffer = data
        elif isinstance(self._buffer, bytearray):
            self._buffer += data
        else:
            self._buffer = bytearray(self._buffer) + data
        if not self._holds or self._closing:
            self._read()

    def _read(self) -> None:
        """Take the whole frames that have come, as far as nobody holds and others need not wait.

        Only when all are taken more is read from the socket: who sends tiny frames without end
        would else fill the memory with those that wait for their turn.
        """
        data, position, frames = self._buffer, 0, 0
        while frames < FRAMES_AT_ONCE and (not self._holds or self._closing):
            found = payload_range(data, position)
            if found is None:
                break
            begin, end = found
            if end > len(data) and end - begin <= self._most_bytes:
                break
            self._take(data, position, begin, end)
            self._pay(end - position)
            position, frames = end, frames + 1
        if position:
            self._buffer = data[position:]
        if frames == FRAMES_AT_ONCE:
            self._pause()
            self._loop.call_soon(self._read)
        elif self._paused and (not self._holds or self._closing):
            self._resume()

    def _resume(self) -> None:
        self._paused = False
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _pay(self, size: int) -> None:
        pause = self._spend(size)
        if pause and not self._closing:
            self.hold()
            self._loop.call_later(pause, self.release)
            self._listener.slowed()

    @property
    def _most_bytes(self) -> int:
        return cast("int", self._conn.max_message_size)

    def _take(self, data: bytes | bytearray, start: int, begin: int, end: int) -> None:
        """Take one frame, or the beginning of one that is larger than allowed."""
        plain = data[start] == BINARY and data[start + 1] & MASKED and self._message is None
        if plain and not self._closing and end - begin <= self._most_bytes:
            payload = bytes(data[begin:end])
            self._listener.received(unmask(payload, bytes(data[begin - MASK : begin])))
        else:
            self._take_other(bytes(data[start:end]))

    def _take_other(self, frame: bytes) -> None:
        conn = self._conn
        conn.receive_data(frame)
        for event in conn.events_received():
            self._hear(cast("Frame", event))
        out = b"".join(conn.data_to_send())
        if conn.state is not OPEN:
            self._end(out)
        elif out and self.ready:  # a pong that nobody fetches is dropped: RFC 6455, section 5.5.3
            self._transport.write(out)

    def _hear(self, frame: Frame) -> None:
        if frame.opcode in {Opcode.PING, Opcode.PONG, Opcode.CLOSE} or self._closing:
            return
        if frame.opcode is Opcode.TEXT:
            self._listener.received(None)
            return
        message = bytearray() if self._message is None else self._message
        message += frame.data
        self._message = None if frame.fin else message
        if frame.fin:
            self._listener.received(bytes(message))

    def _end(self, farewell: bytes) -> None:
        """End the connection: the client has closed it, or broken the rules."""
        self._closing = True
        if self._conn.parser_exc is not None:
            sent = self._conn.close_sent
            too_large = sent is not None and sent.code == CloseCode.MESSAGE_TOO_BIG
            self._loss = "too-large" if too_large else "wrong"
        self._transport.write(farewell)
        self._transport.close()

    def pause_writing(self) -> None:
        """Hear that the socket is full."""
        self.ready = False
        self._stall.watch()

    def resume_writing(self) -> None:
        """Hear that the socket takes something again."""
        self.ready = True
        self._stall.stop()
        if not self._closing:
            self._listener.writable()

    def _keep_alive(self) -> None:
        """Ask for a sign of life; who is not read from cannot give one."""
        if not self._heard and not self._holds:
            self._cut("silent")
            return
        self._heard = False
        self._ping = self._loop.call_later(PING_SECONDS, self._keep_alive)
        if self.ready:
            self._transport.write(PING)

    def _cut(self, loss: Loss) -> None:
        self._loss = loss
        self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - how is in `_loss`
        """Hear that there is no socket any more."""
        self._closing = True
        self.ready = False
        self._ping.cancel()
        self._stall.stop()
        self._buffer = b""
        self._listener.lost(self._loss)
