"""SIGTERM in a crowd: all that anybody saw is kept, and nobody can hold the server up."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest

from persistence.store import open_store
from server.loading import moment
from tests.soak.rawsocket import PING, RawSocket, framed
from tests.soak.scholar import Scholar, mark
from tests.support import serving, wire
from tests.support.replica import ROOT, join
from tests.support.rest import Api

END_SECONDS = 10.0  # what is promised: whatever clients do, the server has ended by then
FAREWELL_SECONDS = 2.0
PATIENCE = 60.0
WRITERS, READERS, STALLED = 10, 170, 20
COMING_BACK = 1012
LONG_TEXT = "A long article, more than what sockets hold for somebody who does not read. " * 40_000
UNLIMITED = {"address_connections_per_minute": 0, "address_clients_per_minute": 0}
OBSTINATE = 5  # of each kind
UNFINISHED = (
    b"",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
    b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
)


async def _until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - a condition of any kind
            await asyncio.sleep(0.01)


async def _come(url: str, heard: list[bytes]) -> RawSocket:
    """Join and ask for the article."""
    client = RawSocket(url, heard.append)
    assert await client.open(4096) == 101
    client.send(wire.sync(wire.STEP_1, b"\0"))
    return client


async def _lost(client: RawSocket) -> float:
    """Wait until a connection has ended; give the time."""
    await client.lost.wait()
    return monotonic()


async def _write(writer: Scholar) -> None:
    """Write on and on, until there is nobody to hear it."""
    while writer.connected:
        writer.type()
        await asyncio.sleep(0.02)


def _seen(writers: Sequence[Scholar]) -> dict[str, int]:
    """How many characters of each writer some other one has seen."""
    return {
        each.mark: max(other.text.count(each.mark) for other in writers if other is not each)
        for each in writers
    }


def _stored(server: serving.Server, slug: str) -> str:
    store = open_store(f"sqlite:///{server.data_dir / 'palimpsest.db'}")
    try:
        return moment(store, store.articles.get(slug).id, ROOT).text
    finally:
        store.close()


@pytest.mark.timeout(300)
async def test_a_signal_ends_a_crowded_server_in_time_and_nothing_seen_is_lost(
    tmp_path: Path,
) -> None:
    settings = {"farewell_seconds": FAREWELL_SECONDS, "max_body_bytes": 2**24}
    server = serving.start(tmp_path / "data", **settings, **UNLIMITED)
    api = Api(server.url)
    try:
        people = [api.somebody() for _ in range(WRITERS)]
        slug, other = api.make_article(people[0]), api.make_article(people[0], LONG_TEXT)
        chance = random.Random(1)
        writers = [
            Scholar(person, api.sync_url(slug, person), mark(number), None, chance)
            for number, person in enumerate(people)
        ]
        for writer in writers:
            await writer.connect()
        heard: list[bytes] = []
        readers = [await _come(api.sync_url(slug, None), heard) for _ in range(READERS)]
        stalled = [await _come(api.sync_url(other, None), []) for _ in range(STALLED)]
        for client in stalled:
            client.transport.pause_reading()
        writing = [asyncio.create_task(_write(writer)) for writer in writers]
        await _until(lambda: min(_seen(writers).values()) > 0 and len(heard) > READERS)
        api.close()
        server.process.send_signal(signal.SIGTERM)
        ending = asyncio.create_task(asyncio.to_thread(server.process.wait, END_SECONDS))
        crowd = [*readers, *(writer.socket for writer in writers if writer.socket)]
        leaving = asyncio.gather(*(_lost(client) for client in crowd))
        await _until(lambda: any(client.lost.is_set() for client in crowd))
        frames = len(heard)
        await _until(lambda: len(heard) > frames + READERS)  # others still read what is written
        status = await ending
        moments = await leaving
        assert max(moments) - min(moments) > FAREWELL_SECONDS / 2
        assert status in {0, -signal.SIGTERM}
        assert [client.code for client in crowd] == [COMING_BACK] * len(crowd)
        await asyncio.gather(*writing)
        stored = _stored(server, slug)
        assert all(stored.count(mark) >= seen for mark, seen in _seen(writers).items())
        for client in (*crowd, *stalled):
            await client.end()
        for writer in writers:
            writer.close()
    finally:
        server.stop()


@asynccontextmanager
async def _unfinished(url: str, said: bytes) -> AsyncIterator[None]:
    """A request that does not go on."""
    address = urlsplit(url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(said)
    try:
        yield
    finally:
        writer.transport.abort()


@asynccontextmanager
async def _unread(api: Api, slug: str) -> AsyncIterator[None]:
    """Long answers that are not read."""
    said = f"GET /api/v1/articles/{slug}/spans HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    async with _unfinished(api.url, said * 5):
        yield


@asynccontextmanager
async def _deaf(url: str) -> AsyncIterator[None]:
    """A socket whose client pings for ever and answers nothing, not even the farewell."""
    client = RawSocket(url, lambda _: None)
    assert await client.open() == 101
    client.transport.pause_reading()
    pinging = asyncio.create_task(_ping(client))
    try:
        yield
    finally:
        pinging.cancel()
        await client.end()


async def _ping(client: RawSocket) -> None:
    while not client.transport.is_closing():
        client.transport.write(framed(b"?", PING) * 20)
        await asyncio.sleep(0.05)


@pytest.mark.timeout(300)
async def test_a_signal_ends_the_server_in_time_whatever_clients_do(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "data", max_body_bytes=2**24, **UNLIMITED)
    api = Api(server.url)
    try:
        ada = api.somebody()
        slug = api.make_article(ada, LONG_TEXT)
        async with AsyncExitStack() as stack:
            for _ in range(OBSTINATE):
                for said in UNFINISHED:
                    await stack.enter_async_context(_unfinished(server.url, said))
                await stack.enter_async_context(_unread(api, slug))
                await stack.enter_async_context(_deaf(api.sync_url(slug, None)))
            writer = await stack.enter_async_context(join(api.sync_url(slug, ada)))
            api.http.get("/healthz")  # and the connection stays open
            writer.append("The last words.")
            await writer.until_stored()
            server.process.send_signal(signal.SIGTERM)
            status = await asyncio.to_thread(server.process.wait, END_SECONDS)
        assert status in {0, -signal.SIGTERM}
        assert _stored(server, slug).endswith("The last words.")
    finally:
        api.close()
        server.stop()
