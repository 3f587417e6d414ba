"""Many clients that come back: sockets only, cheap enough that the server is what is measured.

Each does what y-websocket does: it asks for the upgrade, tells its state vector and its presence,
answers the server's question, and is synced when the server has answered its own. When the
connection ends it comes back by itself, later each time that this does not work.
"""

import asyncio
import os
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from tests.support import wire

PATIENCE = 120.0
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.5  # seconds, y-websocket's
NOTHING = b"\x00"
TICKS = os.sysconf("SC_CLK_TCK")


def _framed(message: bytes) -> bytes:
    """Return a client's binary frame; a mask of zeros leaves the message as it is."""
    size = len(message)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return b"\x82" + length + bytes(4) + message


def _frames(data: bytearray) -> Iterator[bytes]:
    """Take whole frames of a server out of `data`; give the payloads."""
    while len(data) >= 2:
        length, start = data[1] & 0x7F, 2
        if length >= 126:
            start = 4 if length == 126 else 10
            length = int.from_bytes(data[2:start], "big")
        if len(data) < max(start, start + length):
            return
        yield bytes(data[start : start + length])
        del data[: start + length]


class Returner(asyncio.Protocol):
    """One client; `synced` counts how often it was, `refused` the answers that were no upgrade."""

    def __init__(self, url: str, number: int) -> None:
        self.synced = 0
        self.refused: list[bytes] = []
        self._url = urlsplit(url)
        self._number = number
        self._hello = b"".join(
            _framed(message)
            for message in (
                wire.sync(wire.STEP_1, NOTHING),
                wire.awareness((number, 1, {"user": {"name": "somebody"}})),
            )
        )
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._open = False
        self._lost = asyncio.Event()

    async def stay(self) -> None:
        """Connect, and connect again, until cancelled."""
        failures = 0
        while True:
            before = self.synced
            with suppress(OSError):
                await self._connect()
            failures = 0 if self.synced > before else failures + 1
            await asyncio.sleep(min(FIRST_WAIT * 2**failures, LONGEST_WAIT))

    async def _connect(self) -> None:
        self._lost.clear()
        self._open, self._buffer = False, bytearray()
        host, port = self._url.hostname, self._url.port
        await asyncio.get_running_loop().create_connection(lambda: self, host, port)
        try:
            await self._lost.wait()
        finally:
            if self._transport is not None:
                self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = b64encode(self._number.to_bytes(16, "big")).decode()
        transport.write(
            f"GET {self._url.path}?{self._url.query} HTTP/1.1\r\nHost: {self._url.netloc}\r\n"
            f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/140\r\nPragma: no-cache\r\n"
            f"Accept-Language: en-GB,en;q=0.5\r\nOrigin: http://{self._url.netloc}\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            self._open_up()
        if self._open:
            for message in _frames(self._buffer):
                self._read(message)

    def _open_up(self) -> None:
        head, found, _ = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        assert self._transport is not None
        if b" 101 " not in head.split(b"\r\n")[0]:
            self.refused.append(bytes(head))
            self._transport.close()
            return
        del self._buffer[: len(head) + 4]
        self._open = True
        self._transport.write(self._hello)

    def _read(self, message: bytes) -> None:
        if message[:2] == bytes((wire.SYNC, wire.STEP_1)):
            assert self._transport is not None
            self._transport.write(_framed(wire.sync(wire.STEP_2, b"\x00\x00")))
        elif message[:2] == bytes((wire.SYNC, wire.STEP_2)):
            self.synced += 1

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        self._lost.set()


class Crowd:
    """All of them, for the length of a block."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.people = [Returner(url, number) for number, url in enumerate(urls, 1)]

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(person.stay()) for person in self.people]
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until_synced(self, times: int = 1, watch: Callable[[], None] = lambda: None) -> None:
        """Wait until everybody has been synced so often; `watch` is called now and then."""
        async with asyncio.timeout(PATIENCE):
            while not all(person.synced >= times for person in self.people):
                watch()
                await asyncio.sleep(0.005)


def cpu_seconds(process: int) -> float:
    """Return the CPU time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_bytes(process: int) -> int:
    """Return the memory of a process."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
