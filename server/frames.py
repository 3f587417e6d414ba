"""Frames: the outside of a websocket message (RFC 6455, section 5.2)."""

from collections.abc import Iterable
from struct import Struct
from struct import error as StructError  # noqa: N812 - as classes are named

BINARY = 0x82  # one whole binary message
MASKED = 0x80
LENGTH = 0x7F
PING = b"\x89\x00"

_SHORT, _LONG = 126, 127
_MOST_SHORT = 0xFFFF
_U16, _U64 = Struct("!H"), Struct("!Q")
_MASK = 4


def binary_frames(messages: Iterable[bytes]) -> bytes:
    """Frame messages from server to client; the same bytes go to everybody."""
    return b"".join(part for message in messages for part in (_head(len(message)), message))


def _head(length: int) -> bytes:
    if length < _SHORT:
        return bytes((BINARY, length))
    if length <= _MOST_SHORT:
        return bytes((BINARY, _SHORT)) + _U16.pack(length)
    return bytes((BINARY, _LONG)) + _U64.pack(length)


def payload_range(data: bytes | bytearray, start: int) -> tuple[int, int] | None:
    """Give where the payload of the frame at `start` begins and ends; None: the head is not whole.

    The mask is the four bytes before the payload. The end may be beyond `data`.
    """
    try:
        length, begin = data[start + 1] & LENGTH, start + 2
        if length == _SHORT:
            (length,), begin = _U16.unpack_from(data, begin), begin + _U16.size
        elif length == _LONG:
            (length,), begin = _U64.unpack_from(data, begin), begin + _U64.size
        if data[start + 1] & MASKED:
            begin += _MASK
    except (IndexError, StructError):
        return None
    return begin, begin + length
