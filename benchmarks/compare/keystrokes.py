"""Keystrokes: updates of one character each, as Yjs writes them, made before any clock runs."""

from collections.abc import Iterator
from itertools import cycle
from random import Random

from crdt.encoding import write_string, write_varuint
from crdt.structs import ID

ROOT = "content"
WORDS = "the margin keeps what an earlier hand wrote and a later one took away "
STRING, WITH_ORIGIN, WITH_RIGHT_ORIGIN = 4, 0x80, 0x40


def _varint(number: int) -> bytes:
    out = bytearray()
    write_varuint(out, number)
    return bytes(out)


def _id(at: ID) -> bytes:
    return _varint(at[0]) + _varint(at[1])


def client_id(chance: Random) -> int:
    """A client id as Yjs draws one: 32 bits."""
    return chance.getrandbits(32) | 1 << 31


def insertion(at: ID, text: str, left: ID | None, right: ID | None) -> bytes:
    """The update that inserts ASCII text with the ID `at` between two others."""
    out = bytearray(b"\x01\x01" + _id(at))
    out.append(STRING | (WITH_ORIGIN if left else 0) | (WITH_RIGHT_ORIGIN if right else 0))
    out += (_id(left) if left else b"") + (_id(right) if right else b"")
    if left is None and right is None:
        out.append(1)
        write_string(out, ROOT)
    write_string(out, text)
    out.append(0)
    return bytes(out)


class Paragraphs:
    """The article that a crowd types in: empty lines, one for each of them to begin in."""

    def __init__(self, count: int, chance: Random) -> None:
        self._client = client_id(chance)
        self.update = insertion((self._client, 0), "\n" * (count + 1), None, None)

    def place(self, number: int) -> tuple[ID, ID]:
        """The two IDs between which the typist of a number begins."""
        return (self._client, number), (self._client, number + 1)


def typing(client: int, place: tuple[ID | None, ID | None]) -> Iterator[bytes]:
    """Yield the updates of somebody who types without end at one place."""
    left, right = place
    for clock, character in enumerate(cycle(WORDS)):
        yield insertion((client, clock), character, left, right)
        left = (client, clock)
