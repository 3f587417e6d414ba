"""Floods of what costs a client next to nothing: what a connection costs the server stays small."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import anyio
import pytest

from tests.soak.rawsocket import BINARY, CONTINUATION, PING, RawSocket, framed
from tests.support import serving, wire
from tests.support.live import until
from tests.support.replica import join
from tests.support.rest import Api
from tests.support.returning import resident_bytes

MOST_BYTES = 10 * 2**20  # for one connection
CONNECTIONS = 3
BURST = 2_000  # frames that are written at once
BURSTS = 60
BOMB = 15 * 2**20  # zeros, which are some kilobytes when compressed
COMPRESSED = 0x40
OFFER = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
HEADS = 10  # requests whose heads do not end
HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
LINE = b"a: " + b"b" * 1_000 + b"\r\n"
RATES = ("messages_per_second", "bytes_per_second")
UNLIMITED = {f"{who}_{rate}": 0 for who in ("author", "address") for rate in RATES}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A server that neither counts nor hangs up: what is kept is what nobody bounds."""
    data = tmp_path_factory.mktemp("floods") / "data"
    patient = {"slow_reader_seconds": 600, "handshake_seconds": 600}
    with serving.running(data, **patient, **UNLIMITED) as running:
        yield running


class Peak:
    """The most memory that the server's process has taken since the block began, in bytes."""

    def __init__(self, server: serving.Server) -> None:
        self._process = server.worker
        self._before = self._most = resident_bytes(self._process)

    def look(self) -> None:
        self._most = max(self._most, resident_bytes(self._process))

    @property
    def grown(self) -> int:
        self.look()
        return self._most - self._before


Flood = Callable[[RawSocket, list[bytes], Peak], Awaitable[None]]


@asynccontextmanager
async def _undisturbed(api: Api) -> AsyncIterator[str]:
    """Somebody writes in an article while it is flooded; gives the address to flood."""
    ada = api.somebody()
    slug = api.make_article(ada)
    async with join(api.sync_url(slug, ada)) as writer:
        yield api.sync_url(slug, api.somebody(), attribution=False)
        writer.append("undisturbed")
        await writer.until_stored()


async def _opened(stack: AsyncExitStack, url: str, more: str = "") -> tuple[RawSocket, list[bytes]]:
    heard: list[bytes] = []
    client = RawSocket(url, heard.append, more)
    stack.push_async_callback(client.end)
    assert await client.open(4096) == 101
    return client, heard


async def _sent(client: RawSocket, peak: Peak) -> None:
    """Wait until the system has taken what was written."""
    while client.transport.get_write_buffer_size() and not client.lost.is_set():
        peak.look()
        await asyncio.sleep(0.001)


async def _pings(client: RawSocket, heard: list[bytes], peak: Peak) -> None:
    """Pings whose answers are not fetched; in the end they are, to know that all were read."""
    client.transport.pause_reading()
    for _ in range(BURSTS):
        client.transport.write(framed(b"x" * 125, PING) * BURST)
        await _sent(client, peak)
    client.transport.resume_reading()
    heard.clear()
    client.send(wire.sync(wire.STEP_1, b"\0"))
    await until(lambda: heard)


async def _fragments(client: RawSocket, _heard: list[bytes], peak: Peak) -> None:
    """One message of many fragments, which is none of the protocol's when it ends."""
    client.transport.write(framed(b"\x50", BINARY, last=False))
    for _ in range(BURSTS):
        client.transport.write(framed(b"x", CONTINUATION, last=False) * BURST)
        await _sent(client, peak)
    peak.look()
    client.transport.write(framed(b"x", CONTINUATION))
    await until(client.lost.is_set)


async def _bomb(client: RawSocket, _heard: list[bytes], _peak: Peak) -> None:
    """A compressed message that does not end: nobody who agreed to it could let it go."""
    packer = zlib.compressobj(wbits=-15)
    squeezed = packer.compress(bytes(BOMB)) + packer.flush(zlib.Z_SYNC_FLUSH)
    frame = bytearray(framed(squeezed.removesuffix(b"\0\0\xff\xff"), BINARY, last=False))
    frame[0] |= COMPRESSED
    client.transport.write(bytes(frame))
    await until(client.lost.is_set)


@pytest.mark.parametrize(
    ("flood", "more"),
    [(_pings, ""), (_fragments, ""), (_bomb, OFFER)],
    ids=["pings", "fragments", "bomb"],
)
async def test_a_connection_that_floods_costs_little(
    server: serving.Server, api: Api, flood: Flood, more: str
) -> None:
    async with _undisturbed(api) as url, AsyncExitStack() as stack:
        peak = Peak(server)
        clients = [await _opened(stack, url, more) for _ in range(CONNECTIONS)]
        async with anyio.create_task_group() as tasks:
            for client, heard in clients:
                tasks.start_soon(flood, client, heard, peak)
    assert peak.grown / CONNECTIONS < MOST_BYTES


async def test_a_head_without_an_end_costs_little(server: serving.Server, api: Api) -> None:
    address = urlsplit(api.url)
    async with _undisturbed(api):
        peak = Peak(server)
        opened = [
            await asyncio.open_connection(address.hostname, address.port) for _ in range(HEADS)
        ]
        for _, writer in opened:
            writer.write(HEAD + LINE * (2 * MOST_BYTES // len(LINE)))
        for reader, writer in opened:
            with pytest.raises(ConnectionResetError):
                await reader.read()
            writer.close()
    assert peak.grown / HEADS < MOST_BYTES
