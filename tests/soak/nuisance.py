"""Nuisances: connections that flood, stall, lie and die. What the server does with them is its
business; that nobody else notices is what the soak asks."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from pycrdt import Doc, Text

from tests.soak.rawsocket import BINARY, CONTINUATION, PING, RawSocket, dial, framed
from tests.support import wire
from tests.support.replica import ROOT

PAUSE = 0.01  # between bursts, so that the rest of the simulation goes on

Nuisance = Callable[[RawSocket, str, random.Random], Awaitable[None]]


async def message_flood(socket: RawSocket, mark: str, _chance: random.Random) -> None:
    """Hundreds of honest edits as fast as they go."""
    doc: Doc[Text] = Doc()
    text = doc.get(ROOT, type=Text)
    subscription = doc.observe(lambda event: socket.send(wire.sync(wire.UPDATE, event.update)))
    for _ in range(20):
        for _ in range(20):
            text.insert(0, mark)
        await asyncio.sleep(PAUSE)
    doc.unobserve(subscription)


async def question_flood(socket: RawSocket, _mark: str, _chance: random.Random) -> None:
    """Asks for the whole article again and again, and who is there."""
    for _ in range(20):
        for _ in range(10):
            socket.send(wire.sync(wire.STEP_1, b"\0"))
            socket.send(bytes([wire.QUERY_AWARENESS]))
        await asyncio.sleep(PAUSE)


async def ping_flood(socket: RawSocket, _mark: str, _chance: random.Random) -> None:
    socket.transport.pause_reading()  # the answers are not even read
    for _ in range(20):
        socket.transport.write(framed(b"x" * 125, PING) * 250)
        await asyncio.sleep(PAUSE)


async def tiny_fragments(socket: RawSocket, _mark: str, _chance: random.Random) -> None:
    """A message of ten thousand pieces, without an end."""
    socket.transport.write(framed(b"\0", BINARY, last=False))
    for _ in range(20):
        socket.transport.write(framed(b"x", CONTINUATION, last=False) * 500)
        await asyncio.sleep(PAUSE)


async def presence_flood(socket: RawSocket, _mark: str, chance: random.Random) -> None:
    for clock in range(400):
        socket.send(wire.awareness((chance.randrange(2**30), clock, {"x": "y" * 500})))
        if not clock % 20:
            await asyncio.sleep(PAUSE)


async def noise(socket: RawSocket, _mark: str, chance: random.Random) -> None:
    """Bytes that are frames and no messages, then bytes that are no frames."""
    for _ in range(50):
        socket.send(wire.sync(wire.UPDATE, chance.randbytes(chance.randrange(1, 60))))
        socket.send(b"\x50" + chance.randbytes(20))
    await asyncio.sleep(PAUSE)
    socket.transport.write(chance.randbytes(2000))
    await asyncio.sleep(PAUSE)


async def slow_reader(socket: RawSocket, _mark: str, chance: random.Random) -> None:
    """Asks for all there is, stops reading, and goes after a while without a word."""
    socket.send(wire.sync(wire.STEP_1, b"\0"))
    socket.transport.pause_reading()
    await asyncio.sleep(chance.uniform(0.2, 3))


KINDS: tuple[Nuisance, ...] = (
    message_flood,
    question_flood,
    ping_flood,
    tiny_fragments,
    presence_flood,
    noise,
    slow_reader,
)


async def molest(url: str, mark: str, chance: random.Random) -> str:
    """Do one of all that; return which."""
    kind = chance.choice([*KINDS, _half_open])
    if kind is _half_open:
        await _half_open(url, chance)
    else:
        try:
            socket = await dial(url, lambda _: None, buffer=4096)
        except OSError:
            return kind.__name__
        if await socket.status() == 101:
            await kind(socket, mark, chance)
        await socket.end()
    return kind.__name__


async def _half_open(url: str, chance: random.Random) -> None:
    """Connections that never finish their first request."""
    parts = urlsplit(url)
    opened = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(10)]
    for _, writer in opened:
        writer.write(b"GET /sync/")
    await asyncio.sleep(chance.uniform(0.1, 1))
    for _, writer in opened:
        writer.transport.abort()
        try:
            await writer.wait_closed()
        except OSError:
            continue
