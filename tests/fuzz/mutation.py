"""Mutations: what chance, a broken writer or an attacker makes of an honest update."""

from collections.abc import Callable, Sequence
from random import Random

from crdt.update import Deletion, Kind, Struct, encode_update
from tests.fuzz.corpus import CLIENTS, ROOT
from tests.support.wire import uint

NUMBERS = (0, 1, 2, 63, 64, 127, 128, 300, 2**14, 2**29, 2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53)
Mutation = Callable[[Random, bytearray, Sequence[bytes]], None]


def mutated(random: Random, corpus: Sequence[bytes]) -> bytes:
    """Spoil an update of the corpus in one to four places."""
    data = bytearray(random.choice(corpus))
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        random.choice(MUTATIONS)(random, data, corpus)
    return bytes(data)


def _flip(random: Random, data: bytearray, _: Sequence[bytes]) -> None:
    if data:
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _replace(random: Random, data: bytearray, _: Sequence[bytes]) -> None:
    if data:
        data[random.randrange(len(data))] = random.randrange(256)


def _number(random: Random, data: bytearray, _: Sequence[bytes]) -> None:
    place = random.randint(0, len(data))
    data[place : place + random.randint(0, 2)] = uint(random.choice(NUMBERS))


def _over_long(random: Random, data: bytearray, _: Sequence[bytes]) -> None:
    if data:
        place = random.randrange(len(data))
        data[place : place + 1] = (
            bytes([data[place] | 0x80]) + b"\x80" * random.randint(0, 8) + b"\0"
        )


def _cut(random: Random, data: bytearray, _: Sequence[bytes]) -> None:
    place = random.randint(0, len(data))
    del data[place : place + random.choice((1, 2, 8, 1 << 20))]


def _repeat(random: Random, data: bytearray, _: Sequence[bytes]) -> None:
    start, place = random.randint(0, len(data)), random.randint(0, len(data))
    data[place:place] = data[start : start + random.randint(1, 16)] * random.choice((1, 2, 50))


def _splice(random: Random, data: bytearray, corpus: Sequence[bytes]) -> None:
    other = random.choice(corpus)
    place, start = random.randint(0, len(data)), random.randint(0, len(other))
    data[place:] = other[start:]


def _append(random: Random, data: bytearray, corpus: Sequence[bytes]) -> None:
    data += random.choice(corpus)


MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _replace,
    _number,
    _over_long,
    _cut,
    _repeat,
    _splice,
    _append,
)


def structured(random: Random, clocks: dict[int, int]) -> bytes:
    """Write a well-formed update whose places, clocks and deletions are made up.

    `clocks` is what the document has; most of the update stays close to it, so that much passes.
    """
    structs: list[Struct] = []
    for client in random.sample(CLIENTS, random.choice((1, 1, 2))):
        clock = max(0, clocks.get(client, 0) + random.choice((0, 0, 0, 0, -3, 1)))
        for _ in range(random.choice((1, 1, 2, 5))):
            structs.append(_struct(random, clocks, client, clock))
            clock += structs[-1].length + (random.random() < 0.02)
    deletions = [_deletion(random, clocks) for _ in range(random.choice((0, 0, 1, 3)))]
    return encode_update(structs, deletions)


def _struct(random: Random, clocks: dict[int, int], client: int, clock: int) -> Struct:
    origin = _known(random, clocks) if random.random() < 0.8 else None
    right = _known(random, clocks) if random.random() < 0.4 else None
    if clock and random.random() < 0.3:
        origin = (client, clock - 1)
    parent = None if origin or right else random.choice((ROOT, ROOT, ROOT, "other", (5, 0)))
    length, kind, content = random.choice(CONTENTS)
    if kind in {Kind.GC, Kind.SKIP}:
        origin = right = parent = None
    return Struct(client, clock, length, kind, origin, right, parent, None, content)


CONTENTS: tuple[tuple[int, Kind, str | bytes], ...] = (
    *[(1, Kind.STRING, "x")] * 6,
    (3, Kind.STRING, "x😀"),
    (2, Kind.STRING, "\ufffd\ufffd"),
    (400, Kind.STRING, "ß" * 400),
    (1, Kind.FORMAT, b"\x04bold\x04true"),
    (1, Kind.FORMAT, b"\x04bold\x04null"),
    (1, Kind.EMBED, b'\x07{"a":1}'),
    (2, Kind.DELETED, b""),
    (2, Kind.GC, b""),
    (2, Kind.SKIP, b""),
    (1, Kind.ANY, b"\x01\x7e"),
    (1, Kind.TYPE, b"\x02"),
)


def _known(random: Random, clocks: dict[int, int]) -> tuple[int, int]:
    client = random.choice(CLIENTS)
    return client, max(0, random.randint(0, clocks.get(client, 0)) - (random.random() < 0.97))


def _deletion(random: Random, clocks: dict[int, int]) -> Deletion:
    client, clock = _known(random, clocks)
    return Deletion(client, clock, random.choice((1, 1, 2, 5, 2**20)))
