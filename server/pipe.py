"""The pipe between the server and a screening process: pieces of bytes, each with its length."""

import struct
from collections.abc import Iterable

LENGTH = struct.Struct(">I")  # before each piece, in bytes


def pack(pieces: Iterable[bytes]) -> bytes:
    """Write pieces one after the other."""
    return b"".join(LENGTH.pack(len(piece)) + piece for piece in pieces)


def unpack(data: bytes) -> list[bytes]:
    """Read them again."""
    pieces, pos = [], 0
    while pos < len(data):
        (length,) = LENGTH.unpack_from(data, pos)
        pos += LENGTH.size
        pieces.append(data[pos : pos + length])
        pos += length
    return pieces
