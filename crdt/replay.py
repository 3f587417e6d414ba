"""The history stream: frames as bytes, with the messages that a websocket would have carried.

history     := varBytes(header) varBytes(frame)*
header      := varUint(head) varUint(after) varUint(until) varUint(#frames)
frame       := varUint(after) varUint(until) varUint(since) varUint(at)
               varUint(#authors) { varString(author id) }* varUint(#messages) varBytes(message)*
"""

from collections.abc import Sequence

from crdt.encoding import write_string
from crdt.frames import Frame
from crdt.messages import ATTRIBUTION, encode_sync_update

LAST, MORE = 0x7F, 0x80  # the bits of a byte of a varUint


def encode_header(head: int, after: int, until: int, frames: int) -> bytes:
    """Begin an answer of so many frames, about the rows after < seq <= until."""
    header = _numbers(head, after, until, frames)
    return _numbers(len(header)) + header


def encode_frame(parts: Sequence[Frame], authors: Sequence[str]) -> list[bytes]:
    """Put a frame together from parts that follow each other, at least one; bytes to be joined.

    `authors` has for each part the JSON of the authors that are named with it.
    """
    pieces = [_head(parts)]
    for part, named in zip(parts, authors, strict=True):
        told, update = _attribution(part, named.encode()), encode_sync_update(part.update)
        pieces += (_numbers(len(told)), told, _numbers(len(update)), update)
    return [_numbers(sum(map(len, pieces))), *pieces]


def _head(parts: Sequence[Frame]) -> bytes:
    """All of a frame that comes before its messages."""
    first, last = parts[0], parts[-1]
    authors = sorted({author for part in parts for author in part.authors})
    out = bytearray(
        _numbers(first.after, last.until, first.since_ms, last.at_ms, len(authors)),
    )
    for author in authors:
        write_string(out, author)
    return bytes(out) + _numbers(2 * len(parts))


def _attribution(part: Frame, authors: bytes) -> bytes:
    begin = _numbers(ATTRIBUTION, part.until)
    return b"".join((begin, part.attribution, _numbers(len(authors)), authors))


def _numbers(*numbers: int) -> bytes:
    """Several varUints. A frame has some fifteen: calling `write_varuint` takes twice as long."""
    out = bytearray()
    for number in numbers:
        rest = number
        while rest > LAST:
            out.append(rest & LAST | MORE)
            rest >>= 7
        out.append(rest)
    return bytes(out)
