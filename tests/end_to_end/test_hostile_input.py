"""Bytes that kill or stall others: here they are refused, and nobody else in the room notices."""

import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from tests.support import serving, wire
from tests.support.forging import ANY, Forged, Section, insertion, item, text
from tests.support.replica import Replica, join
from tests.support.rest import Api
from tests.support.wire import uint

HOSTILE = Path(__file__).parents[1] / "crdt" / "hostile.json"
NOTICE_SECONDS = 10.0  # others would notice a stall of this length; the machine may be busy
ATTACKER = 1


@dataclass
class Room:
    api: Api
    attacker: Replica
    others: tuple[Replica, Replica]

    async def nobody_notices(self) -> None:
        """Two people go on writing to each other as if nothing were."""
        for writer, reader in (self.others, self.others[::-1]):
            word = f"<{random.random()}>"
            with anyio.fail_after(NOTICE_SECONDS):
                writer.append(word)
                await reader.until(lambda w=word, r=reader: w in r.text, word)
                await writer.until_stored()
        for other in self.others:
            assert (other.refusals, other.closed, other.unknown) == ([], None, [])

    async def answered(self) -> None:
        await self.attacker.until(lambda: self.attacker.refusals or self.attacker.closed, "answer")


@asynccontextmanager
async def room(api: Api, base: str = "") -> AsyncIterator[Room]:
    people = [api.somebody() for _ in range(3)]
    slug = api.make_article(people[0], base or None)
    urls = [api.sync_url(slug, person) for person in people]
    async with join(urls[0]) as one, join(urls[1]) as two, join(urls[2]) as attacker:
        yield Room(api, attacker, (one, two))


def _chain_of_clients(length: int) -> bytes:
    """Each client id depends on the one before it."""
    sections = [
        Section(n, 0, [text("x", origin=(n - 1, 0) if n > 10 else None)])
        for n in range(10, 10 + length)
    ]
    return Forged(sections[::-1]).encode()


def _chain_of_characters(length: int) -> bytes:
    structs = [text("x", origin=(ATTACKER, n - 1) if n else None) for n in range(length)]
    return insertion(ATTACKER, 0, *structs)


def _nested(depth: int) -> bytes:
    return insertion(ATTACKER, 0, item(ANY, uint(1) + b"\x75\x01" * depth + b"\x7e"))


def _million_deletions() -> bytes:
    return Forged(deleted=[(ATTACKER, 2 * n, 1) for n in range(1_000_000)]).encode()


def _one_spot() -> bytes:
    """Many clients' characters at one place, backwards."""
    return Forged([Section(n, 0, [text("x")]) for n in range(20_000, 10, -1)]).encode()


def _count(kind: bytes) -> bytes:
    return kind + uint(2**29)


GENERATORS: dict[str, Callable[[], bytes]] = {
    "nested 40,000 deep": lambda: _nested(40_000),
    "nested 15,000 deep": lambda: _nested(15_000),
    "a chain of 100,000 clients": lambda: _chain_of_clients(100_000),
    "100,000 chained characters of one client": lambda: _chain_of_characters(100_000),
    "a million deletions": _million_deletions,
    "20,000 clients at one spot": _one_spot,
    "a count of 2^29 clients": lambda: _count(b""),
    "a count of 2^29 structs": lambda: _count(b"\x01"),
    "a count of 2^29 deleted clients": lambda: _count(b"\x00"),
    "nothing": lambda: b"",
    "a clock beyond 2^31": lambda: insertion(ATTACKER, 2**31, text("x")),
    "a string that is not UTF-8": lambda: insertion(ATTACKER, 0, item(4, b"\x02\xff\xfe")),
    "bytes after the end": lambda: insertion(ATTACKER, 0, text("x")) + b"\x00",
    "a version 2 update": lambda: bytes.fromhex("000000000000000000000000"),
}
ACCEPTED = {"100,000 chained characters of one client"}  # long, but what a long day may bring


@pytest.mark.parametrize("name", GENERATORS)
async def test_a_hostile_update_is_answered_and_nobody_notices(api: Api, name: str) -> None:
    async with room(api) as here:
        here.attacker.send_update(GENERATORS[name]())
        await here.nobody_notices()
        if name not in ACCEPTED:
            await here.answered()
        await here.nobody_notices()


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x00",
        b"\x00\x00",
        b"\x00\x03\x00",
        b"\x00\x02\x05abc",
        b"\x00\x02" + b"\xff" * 20,
        b"\x01" + wire.array(uint(2**29)),
        b"\x01" + wire.array(uint(1) + uint(5) + uint(1) + wire.string("not JSON")),
        b"\x01" + wire.array(uint(1) + uint(5) + uint(1) + wire.string("[" * 100_000)),
        b"\x02\x00\x00",
        b"\x63",
        wire.sync(wire.STEP_1, uint(2**29)),
        wire.sync(wire.STEP_1, b"\xff" * 11),
        wire.sync(wire.STEP_1, uint(1) + uint(2**60) + uint(0)),
    ],
)
async def test_a_hostile_message_changes_nothing_for_others(api: Api, frame: bytes) -> None:
    async with room(api) as here:
        here.attacker.send(frame)
        await here.nobody_notices()


async def test_a_text_message_is_answered_and_nobody_notices(api: Api) -> None:
    async with room(api) as here:
        await here.attacker._socket.send("words")
        await here.answered()
        await here.nobody_notices()


async def test_random_bytes_change_nothing_for_others(api: Api) -> None:
    chance = random.Random(1)
    async with room(api) as here:
        for _ in range(200):
            body = chance.randbytes(chance.randrange(1, 60))
            here.attacker.send_update(body)
        await here.nobody_notices()


@pytest.mark.parametrize("case", json.loads(HOSTILE.read_text()), ids=lambda case: case["name"])
async def test_an_update_that_kills_yrs_is_harmless(
    tmp_path: Path, case: dict[str, object]
) -> None:
    """The cases were found in documents whose text has another name."""
    with serving.running(tmp_path / "data", root_name=case["root"]) as server:
        api = Api(server.url)
        async with room(api) as here:
            for replica in here.others:
                replica.content = replica.doc.get(case["root"], type=type(replica.content))
            if case["base_text"]:
                here.others[0].append(case["base_text"])
                await here.others[0].until_stored()
            for update in case["updates"]:
                here.attacker.send_update(bytes.fromhex(update))
            await here.nobody_notices()
        api.close()
        assert server.alive
