"""A crowd that types in one article: many sockets of one cheap process, all keys made beforehand.

Each person types 1 to 5 characters per second, takes a letter back now and then, and goes on to
another place every two dozen keys; what the server sends is received and thrown away.
"""

import asyncio
import multiprocessing
import random
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import Any
from urllib.parse import urlsplit

from pycrdt import Doc, Text

from tests.support import wire
from tests.support.replica import ROOT

SENTENCE = "the quick brown fox writes of margins, vellum and ink; "
STAY = 24  # keys in one place
TAKE_BACK = 13  # of so many keys one is a backspace
NEAR = 0.3  # of the crowd, who type near the middle
REACH = 3_000  # characters from the middle that count as near
PATIENCE = 120.0  # seconds for everybody to come in
PING, PONG = 0x89, 0x8A


def framed(kind: int, payload: bytes) -> bytes:
    """Return a client's frame; a mask of zeros leaves the payload as it is."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([kind]) + length + bytes(4) + payload


def binary(message: bytes) -> bytes:
    return framed(0x82, message)


class Script:
    """What one person will send, made on a replica of their own."""

    def __init__(self, state: bytes, number: int, seconds: float) -> None:
        self._chance = random.Random(number)
        self._near = number % 100 < NEAR * 100
        self._doc: Doc[Text] = Doc()
        self._text = self._doc.get(ROOT, type=Text)
        self._doc.apply_update(state)
        self._length = self._middle = len(str(self._text))
        self._middle //= 2
        self.hello = binary(wire.sync(wire.STEP_1, self._doc.get_state()))
        self._updates: list[bytes] = []
        self._clock = 0
        self._name = f"Writer {number}"
        self.pause = 1 / self._chance.uniform(1, 5)  # seconds between two keys
        observer = self._doc.observe(lambda event: self._updates.append(event.update))
        self.keys = list(self._type(int(seconds / self.pause)))
        self._doc.unobserve(observer)

    def _type(self, keys: int) -> Iterator[bytes]:
        at = 0
        for key in range(keys):
            moves = key % STAY == 0
            if moves:
                at = self._place()
            at = self._press(at, key)
            sent = binary(wire.sync(wire.UPDATE, self._updates.pop()))
            yield sent + self._presence(at) if moves else sent

    def _place(self) -> int:
        if self._near:
            return self._middle + self._chance.randint(-REACH, REACH)
        return self._chance.randint(0, self._length)

    def _press(self, at: int, key: int) -> int:
        if key % TAKE_BACK == TAKE_BACK - 1:
            del self._text[at - 1 : at]
            self._length -= 1
            return at - 1
        self._text.insert(at, SENTENCE[key % len(SENTENCE)])
        self._length += 1
        return at + 1

    def _presence(self, at: int) -> bytes:
        self._clock += 1
        place = self._text.sticky_index(min(at, self._length - 1)).to_json()
        cursor = {"type": None, "tname": ROOT, "item": place.get("item"), "assoc": 0}
        state = {"user": {"name": self._name}, "cursor": {"anchor": cursor, "head": cursor}}
        return binary(wire.awareness((self._doc.client_id, self._clock, state)))


class Line(asyncio.Protocol):
    """A socket that answers pings and forgets all else."""

    def __init__(self, url: str, hello: bytes) -> None:
        self._url, self._hello, self._rest = urlsplit(url), hello, b""
        self.opened = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        path, key = f"{self._url.path}?{self._url.query}", b64encode(bytes(16)).decode()
        transport.write(
            f"GET {path} HTTP/1.1\r\nHost: {self._url.netloc}\r\nConnection: Upgrade\r\nUpgrade:"
            f" websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self.opened.done():
            answer, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = answer
                return
            assert b" 101 " in answer, answer
            self.opened.set_result(None)
            self.transport.write(self._hello)
        self._rest = self._skim(data)

    def _skim(self, data: bytes) -> bytes:
        at = 0
        while len(data) - at >= 2:
            head, size = at + 2, data[at + 1]
            if size > 125:
                head += 2 if size == 126 else 8
                size = int.from_bytes(data[at + 2 : head], "big")
            if len(data) < head + size:
                break
            if data[at] == PING:
                self.transport.write(framed(PONG, data[head : head + size]))
            at = head + size
        return data[at:]


async def come_in(url: str, hello: bytes) -> Line:
    address = urlsplit(url)
    _, line = await asyncio.get_running_loop().create_connection(
        lambda: Line(url, hello), address.hostname, address.port
    )
    await line.opened
    return line


async def type_script(line: Line, script: Script) -> None:
    """Press a key at a time, the first at any moment of the first pause."""
    clock = asyncio.get_running_loop().time
    began = clock() + random.random() * script.pause
    for number, key in enumerate(script.keys):
        await asyncio.sleep(began + number * script.pause - clock())
        line.transport.write(key)


async def type_all(urls: Sequence[str], state: bytes, seconds: float, ready: Event) -> None:
    scripts = [Script(state, number, seconds) for number in range(len(urls))]
    lines = [await come_in(url, script.hello) for url, script in zip(urls, scripts, strict=True)]
    ready.set()
    await asyncio.gather(*map(type_script, lines, scripts))


def work(*task: Any) -> None:
    asyncio.run(type_all(*task))


@contextmanager
def crowd(urls: Sequence[str], state: bytes, seconds: float) -> Iterator[None]:
    """Let one person for each address type for the length of a block, `seconds` at most."""
    spawning = multiprocessing.get_context("spawn")
    ready = spawning.Event()
    process = spawning.Process(target=work, args=(urls, state, seconds, ready))
    process.start()
    try:
        assert ready.wait(PATIENCE), "the crowd did not come"
        yield
    finally:
        process.kill()
        process.join()
