"""Updates written by hand: what no editor would send, and what a liar does."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.support.wire import string, uint

ID = tuple[int, int]
GC, DELETED, JSON, STRING, EMBED, FORMAT, ANY, SKIP = 0, 1, 2, 4, 5, 6, 8, 10
HAS_ORIGIN, HAS_RIGHT_ORIGIN = 0x80, 0x40


def padded(extra: int) -> Callable[[int], bytes]:
    """Return a writer of numbers that says each with `extra` needless bytes."""

    def write(number: int) -> bytes:
        plain = bytearray(uint(number))
        plain[-1] |= 0x80
        return bytes(plain) + b"\x80" * (extra - 1) + b"\x00"

    return write


def item(
    kind: int,
    content: bytes,
    origin: ID | None = None,
    right: ID | None = None,
    root: str = "content",
) -> bytes:
    """One struct; it names its parent only where it has no neighbour, as Yjs writes it."""
    info = kind | HAS_ORIGIN * bool(origin) | HAS_RIGHT_ORIGIN * bool(right)
    neighbours = b"".join(uint(part) for name in (origin, right) if name for part in name)
    parent = b"" if origin or right else uint(1) + string(root)
    return bytes([info]) + neighbours + parent + content


def text(words: str, origin: ID | None = None, right: ID | None = None) -> bytes:
    return item(STRING, string(words), origin, right)


def mark(name: str, value: object, origin: ID | None = None, right: ID | None = None) -> bytes:
    """A formatting mark: from here on the attribute has this value."""
    return item(FORMAT, string(name) + string(json.dumps(value)), origin, right)


@dataclass(frozen=True)
class Section:
    """A client's structs from a clock on."""

    client: int
    clock: int
    structs: Sequence[bytes]


@dataclass(frozen=True)
class Forged:
    """An update: sections and deleted ranges (client, clock, length), numbers spelt as chosen."""

    sections: Sequence[Section] = ()
    deleted: Sequence[tuple[int, int, int]] = ()
    number: Callable[[int], bytes] = field(default=uint)

    def encode(self) -> bytes:
        n = self.number
        written = [n(len(self.sections))]
        for section in self.sections:
            written += [n(len(section.structs)), n(section.client), n(section.clock)]
            written += section.structs
        clients = dict.fromkeys(client for client, _, _ in self.deleted)
        written.append(n(len(clients)))
        for client in clients:
            ranges = [(clock, length) for c, clock, length in self.deleted if c == client]
            written += [n(client), n(len(ranges))]
            written += [n(part) for stretch in ranges for part in stretch]
        return b"".join(written)


def insertion(client: int, clock: int, *structs: bytes) -> bytes:
    """The update of one client that inserts."""
    return Forged([Section(client, clock, structs)]).encode()
