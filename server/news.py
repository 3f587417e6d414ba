"""News: what processes tell each other about an article, as values and as bytes.

    news     := 0 rows | 1 presence | 2 (who is here?)
    rows     := varUint(seq of the first) varUint(at, Unix ms) varUint(#rows) row*
    row      := varString(author) varBytes(update) carried
    carried  := 0 | 1 varBytes(IdMap)
    presence := varString(process) whole varUint(#shown) shown*
    whole    := 0 | 1     (1: this is everybody that the process has in the article)
    shown    := varString(author) varUint(client) varUint(clock) varString(JSON)

The bus vouches for the senders: all of them are servers of one installation. What they send was
gated and stored by them, or is about to be compared with the log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crdt.edit import Edit
from crdt.encoding import (
    read_bytes,
    read_string,
    read_varuint,
    write_bytes,
    write_string,
    write_varuint,
)
from crdt.limits import OWN_LIMITS
from crdt.messages import Entry
from crdt.update import decode_update
from persistence.log import Row
from server.arrival import Arrival

ROWS, PRESENCE, QUERY = range(3)
WHO_IS_HERE = bytes([QUERY])


class Shown(NamedTuple):
    """The presence of one client id of an author, as everybody is to see it."""

    author: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Stored:
    """Rows that have been stored, in order of seq."""

    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """Who shows what through a process; everybody there, if it is `whole`."""

    process: str
    whole: bool
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class WhoIsHere:
    """A process has opened the article and does not know who is there."""


News = Stored | Present | WhoIsHere


def encode_stored(first: int, at_ms: int, rows: Sequence[Row]) -> bytes:
    """Tell of rows that were stored together, the first at seq `first`."""
    out = bytearray([ROWS])
    for number in (first, at_ms, len(rows)):
        write_varuint(out, number)
    for row in rows:
        write_string(out, row.author)
        write_bytes(out, row.payload)
        out.append(row.carried is not None)
        if row.carried is not None:
            write_bytes(out, row.carried)
    return bytes(out)


def encode_present(process: str, shown: Iterable[Shown], *, whole: bool) -> bytes:
    """Tell of presence."""
    everybody = tuple(shown)
    out = bytearray([PRESENCE])
    write_string(out, process)
    out.append(whole)
    write_varuint(out, len(everybody))
    for author, entry in everybody:
        write_string(out, author)
        write_varuint(out, entry.client)
        write_varuint(out, entry.clock)
        write_string(out, entry.state)
    return bytes(out)


def decode_news(data: bytes) -> News:
    """Read what another process of this installation told.

    IndexError, ValueError or a Refusal where it is of another version of this program.
    """
    if data[0] == ROWS:
        return Stored(tuple(_read_rows(data)))
    if data[0] == PRESENCE:
        return _read_presence(data)
    if data[0] == QUERY:
        return WhoIsHere()
    raise ValueError("These news are of an unknown kind.")


def _read_rows(data: bytes) -> Iterable[Arrival]:
    first, pos = read_varuint(data, 1)
    at_ms, pos = read_varuint(data, pos)
    count, pos = read_varuint(data, pos)
    for seq in range(first, first + count):
        author, pos = read_string(data, pos)
        payload, pos = read_bytes(data, pos)
        carried, pos = read_bytes(data, pos + 1) if data[pos] else (None, pos + 1)
        update = decode_update(payload, OWN_LIMITS)
        yield Arrival(seq, at_ms, Edit(author, update.structs, update.deletions, payload, carried))


def _read_presence(data: bytes) -> Present:
    process, pos = read_string(data, 1)
    whole = bool(data[pos])
    count, pos = read_varuint(data, pos + 1)
    shown = []
    for _ in range(count):
        author, pos = read_string(data, pos)
        client, pos = read_varuint(data, pos)
        clock, pos = read_varuint(data, pos)
        state, pos = read_string(data, pos)
        shown.append(Shown(author, Entry(client, clock, state)))
    return Present(process, whole, tuple(shown))
