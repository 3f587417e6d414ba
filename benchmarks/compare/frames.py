"""Websocket frames as a client writes and reads them (RFC 6455), without a library's cost."""

from collections import deque
from collections.abc import Iterator

BINARY, PING, PONG = 2, 9, 10
MASK = bytes.fromhex("37fa213d")  # ws skips a mask of zeros, which no browser sends
_REPEATED = MASK * 64


def masked(payload: bytes, kind: int = BINARY) -> bytes:
    """Make the frame of one message."""
    size, first = len(payload), 0x80 | kind
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((first, 0xFE)) + size.to_bytes(2)
    else:
        head = bytes((first, 0xFF)) + size.to_bytes(8)
    return head + MASK + _xor(payload)


def _xor(payload: bytes) -> bytes:
    size = len(payload)
    mask = (_REPEATED if size <= len(_REPEATED) else MASK * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(mask)).to_bytes(size)


class Inbox:
    """What came over one connection: pieces with their times, read as messages when asked."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[float, bytes]] = deque()
        self._ready: deque[tuple[float, bytes]] = deque()
        self._rest = b""
        self.pings: list[bytes] = []

    def put(self, at: float, piece: bytes) -> None:
        """Keep a piece as it came; reading it is for later."""
        self._pieces.append((at, piece))

    def messages(self) -> Iterator[tuple[float, bytes]]:
        """Yield each binary message that is complete, once, with the time of its last byte."""
        while self._ready or self._pieces:
            if self._ready:
                yield self._ready.popleft()
            else:
                self._read(*self._pieces.popleft())

    def _read(self, at: float, piece: bytes) -> None:
        data = self._rest + piece if self._rest else piece
        pos = 0
        while (frame := _frame(data, pos)) is not None:
            kind, start, pos = frame
            if kind == BINARY:
                self._ready.append((at, data[start:pos]))
            elif kind == PING:
                self.pings.append(data[start:pos])
        self._rest = data[pos:]


def _frame(data: bytes, pos: int) -> tuple[int, int, int] | None:
    """Find the kind of the next frame and where its payload is; None while it is incomplete."""
    if len(data) < pos + 2:
        return None
    kind, size = data[pos] & 0x0F, data[pos + 1]
    start = pos + 2
    if size >= 126:
        wide = 2 if size == 126 else 8
        start += wide
        size = int.from_bytes(data[start - wide : start])
    return (kind, start, start + size) if start + size <= len(data) else None
