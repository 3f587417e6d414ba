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


def encode_frame(parts: Sequence[Frame], authors: Sequence[str]) -> bytes:
    """Put a frame together from parts that follow each other, at least one.

    `authors` has for each part the JSON of the authors that are named with it.
    """
    body = bytearray()
    first, last = parts[0], parts[-1]
    for number in (first.after, last.until, first.since_ms, last.at_ms):
        write_varuint(body, number)
    _write_authors(body, parts)
    write_varuint(body, 2 * len(parts))
    for part, named in zip(parts, authors, strict=True):
        write_bytes(body, _attribution(part, named))
        write_bytes(body, encode_sync_update(part.update))
    out = bytearray()
    write_bytes(out, bytes(body))
    return bytes(out)


def _write_authors(body: bytearray, parts: Sequence[Frame]) -> None:
    authors = {author for part in parts for author in part.authors}
    write_varuint(body, len(authors))
    for author in sorted(authors):
        write_string(body, author)


def _attribution(part: Frame, authors: str) -> bytes:
    out = bytearray((ATTRIBUTION,))
    write_varuint(out, part.until)
    out += part.attribution
    write_string(out, authors)
    return bytes(out)
