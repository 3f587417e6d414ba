"""Who asks slowly, over real sockets; the deadlines are short here, and nobody sleeps."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support import serving
from tests.support.replica import join
from tests.support.rest import Api

HEAD_SECONDS, BODY_SECONDS = 0.4, 0.8
MOST = 20
END_SECONDS = 20.0  # a busy machine may be late; without a deadline it would be never
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    with serving.running(
        tmp_path_factory.mktemp("asking") / "data",
        handshake_seconds=HEAD_SECONDS,
        request_seconds=BODY_SECONDS,
        half_open_connections=MOST,
    ) as running:
        yield running


class Caller:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def say(self, data: bytes) -> None:
        self._writer.write(data)

    async def answer(self) -> bytes:
        """The head of an answer."""
        async with asyncio.timeout(END_SECONDS):
            return await self._reader.readuntil(b"\r\n\r\n")

    async def until_ended(self) -> bytes:
        """What came until the server ended the connection."""
        async with asyncio.timeout(END_SECONDS):
            try:
                return await self._reader.read()
            except ConnectionResetError:
                return b""

    @property
    def ended(self) -> bool:
        return self._reader.at_eof() or self._reader.exception() is not None

    async def close(self) -> None:
        self._writer.transport.abort()
        with suppress(OSError):
            await self._writer.wait_closed()


@asynccontextmanager
async def calling(url: str) -> AsyncIterator[Caller]:
    address = urlsplit(url)
    caller = Caller(*await asyncio.open_connection(address.hostname, address.port))
    try:
        yield caller
    finally:
        await caller.close()


@pytest.mark.parametrize("said", [b"", b"GET /healthz HTT", REQUEST[:-2]])
async def test_a_request_that_never_ends_is_ended(api: Api, said: bytes) -> None:
    async with calling(api.url) as caller:
        caller.say(said)
        assert await caller.until_ended() == b""


async def test_a_head_that_comes_byte_by_byte_is_ended(api: Api) -> None:
    async with calling(api.url) as caller:
        caller.say(REQUEST[:-2])
        dripping = asyncio.create_task(_drip(caller))
        assert await caller.until_ended() == b""
        dripping.cancel()


async def _drip(caller: Caller) -> None:
    while True:
        caller.say(b"a: b\r\n")
        await asyncio.sleep(HEAD_SECONDS / 10)


async def test_a_body_that_never_ends_is_ended(api: Api) -> None:
    async with calling(api.url) as caller:
        caller.say(POST + b'Content-Length: 1000\r\n\r\n{"name"')
        assert await caller.until_ended() == b""
    assert api.metric("palimpsest_faults_total") == 0


async def test_a_second_request_on_a_connection_has_a_deadline_too(api: Api) -> None:
    async with calling(api.url) as caller:
        caller.say(REQUEST)
        assert b" 200 " in await caller.answer()
        caller.say(REQUEST[:20])
        await caller.until_ended()


async def test_a_head_may_have_only_so_many_bytes(tmp_path: Path) -> None:
    with serving.running(tmp_path / "data", handshake_seconds=600) as server:
        async with calling(server.url) as caller:
            caller.say(REQUEST[:-2] + b"a: " + b"b" * 1_000_000)
            assert await caller.until_ended() == b""


async def test_an_open_socket_is_not_meant(api: Api) -> None:
    ada = api.somebody()
    async with join(api.sync_url(api.make_article(ada), ada)) as replica:
        began = time.monotonic()
        while time.monotonic() < began + 2 * (HEAD_SECONDS + BODY_SECONDS):
            replica.append("x")
            await replica.until_stored()
        assert replica.closed is None


async def test_of_too_many_that_do_not_ask_the_oldest_are_ended(tmp_path: Path) -> None:
    with serving.running(tmp_path / "data", half_open_connections=MOST) as server:
        async with AsyncExitStack() as stack:
            silent = [await stack.enter_async_context(calling(server.url)) for _ in range(3 * MOST)]
            for caller in silent[: 2 * MOST]:
                await caller.until_ended()
            late = await stack.enter_async_context(calling(server.url))
            late.say(REQUEST)
            assert b" 200 " in await late.answer()
            assert not any(caller.ended for caller in silent[2 * MOST + 1 :])
