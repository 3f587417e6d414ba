"""The y-websocket protocol as bytes, written a second time so that tests do not trust the first."""

import json
from collections.abc import Iterator
from typing import Any

SYNC, AWARENESS, AUTH, QUERY_AWARENESS, ATTRIBUTION = 0, 1, 2, 3, 80
STEP_1, STEP_2, UPDATE = 0, 1, 2
PERMISSION_DENIED = 0


def uint(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(0x80 | number & 0x7F)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def array(content: bytes) -> bytes:
    return uint(len(content)) + content


def string(text: str) -> bytes:
    return array(text.encode())


def sync(kind: int, content: bytes) -> bytes:
    return uint(SYNC) + uint(kind) + array(content)


def awareness(*states: tuple[int, int, Any]) -> bytes:
    """A presence message of (client id, clock, state) each; the state None says farewell."""
    told = b"".join(
        uint(client) + uint(clock) + string(json.dumps(s)) for client, clock, s in states
    )
    return uint(AWARENESS) + array(uint(len(states)) + told)


class Reader:
    """Reads what a server wrote, in order; raises IndexError at the end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0

    def uint(self) -> int:
        number = shift = 0
        while True:
            byte = self._content[self._position]
            self._position += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def array(self) -> bytes:
        length = self.uint()
        if self._position + length > len(self._content):
            raise IndexError(length)
        self._position += length
        return self._content[self._position - length : self._position]

    def string(self) -> str:
        return self.array().decode()

    def done(self) -> bool:
        return self._position == len(self._content)


def presences(content: bytes) -> Iterator[tuple[int, int, Any]]:
    """Yield (client id, clock, state) of the body of a presence message."""
    reader = Reader(content)
    for _ in range(reader.uint()):
        yield reader.uint(), reader.uint(), json.loads(reader.string())


def id_ranges(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (client id, clock, length) of an encoded delete set."""
    reader = Reader(content)
    for _ in range(reader.uint()):
        client = reader.uint()
        for _ in range(reader.uint()):
            yield client, reader.uint(), reader.uint()


def state_vector(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield (client id, next clock) of an encoded state vector."""
    reader = Reader(content)
    for _ in range(reader.uint()):
        yield reader.uint(), reader.uint()
