"""The history stream: frames as bytes, with the messages that a websocket would have carried.

history     := varBytes(header) varBytes(frame)*
header      := varUint(head) varUint(after) varUint(until) varUint(#frames)
frame       := varUint(after) varUint(until) varUint(since) varUint(at)
               varUint(#authors) { varString(author id) }* varUint(#messages) varBytes(message)*
"""

from collections.abc import Sequence

from crdt.encoding import write_bytes, write_string, write_varuint
from crdt.frames import Frame
from crdt.messages import ATTRIBUTION, encode_sync_update


def encode_header(head: int, after: int, until: int, frames: int) -> bytes:
    """Begin an answer of so many frames, about the rows after < seq <= until."""
    header = bytearray()
    for number in (head, after, until, frames):
        write_varuint(header, number)
    out = bytearray()
    write_bytes(out, bytes(header))
    return bytes(out)


def encode_frame(parts: Sequence[Frame], authors: Sequence[str]) -> list[bytes]:
    """Put a frame together from parts that follow each other, at least one; bytes to be joined.

    `authors` has for each part the JSON of the authors that are named with it.
    """
    messages: list[bytes] = []
    for part, named in zip(parts, authors, strict=True):
        messages += _with_length(_attribution(part, named))
        messages += _with_length(encode_sync_update(part.update))
    head = _head(parts)
    out = bytearray()
    write_varuint(out, len(head) + sum(map(len, messages)))
    return [bytes(out) + head, *messages]


def _with_length(message: bytes) -> tuple[bytes, bytes]:
    out = bytearray()
    write_varuint(out, len(message))
    return bytes(out), message


def _head(parts: Sequence[Frame]) -> bytes:
    """All of a frame that comes before its messages."""
    first, last = parts[0], parts[-1]
    authors = {author for part in parts for author in part.authors}
    out = bytearray()
    for number in (first.after, last.until, first.since_ms, last.at_ms, len(authors)):
        write_varuint(out, number)
    for author in sorted(authors):
        write_string(out, author)
    write_varuint(out, 2 * len(parts))
    return bytes(out)


def _attribution(part: Frame, authors: str) -> bytes:
    out = bytearray((ATTRIBUTION,))
    write_varuint(out, part.until)
    out += part.attribution
    write_string(out, authors)
    return bytes(out)
