"""A bus over Redis streams, as far as benchmarks/bus.py needs one to compare ours with."""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.bus import Heard, Missed

MOST_KEPT = 1_000  # messages in a stream, roughly; Redis forgets the oldest, and tells nobody
AT_ONCE = 1_000
BLOCK_MS = 1_000
PAUSE_SECONDS = 0.05
ALL = "palimpsest:all"


class StreamBus:
    """A stream for each article, or one for all; what was not acknowledged is sent once more."""

    alone = False
    trouble = None

    def __init__(self, url: str, *, one: bool) -> None:
        self._url = url
        self._one = one
        self._sender = secrets.token_bytes(8)
        self._waiting: deque[tuple[str, dict[str, Any]]] = deque()
        self._some = asyncio.Event()
        self._last: dict[str, str] = {}  # of each stream, the last message that was read

    @asynccontextmanager
    async def listening(self, heard: Heard, _missed: Missed) -> AsyncIterator[None]:
        async with Redis.from_url(self._url, protocol=2) as client:
            tasks = [
                asyncio.create_task(self._tell(client)),
                asyncio.create_task(self._hear(client, heard)),
            ]
            yield
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def publish(self, article: int, message: bytes) -> None:
        self._waiting.append(
            (self._stream(article), {"s": self._sender, "a": article, "m": message})
        )
        self._some.set()

    async def join(self, article: int) -> None:
        self._last.setdefault(self._stream(article), "0")

    def leave(self, article: int) -> None:
        self._last.pop(self._stream(article), None)

    def _stream(self, article: int) -> str:
        return ALL if self._one else f"palimpsest:{article}"

    async def _tell(self, client: Any) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            batch = list(self._waiting)
            try:
                async with client.pipeline(transaction=False) as pipeline:
                    for stream, fields in batch:
                        pipeline.xadd(stream, fields, maxlen=MOST_KEPT, approximate=True)
                    await pipeline.execute()
            except (RedisError, OSError):
                self._some.set()
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                for _ in batch:
                    self._waiting.popleft()

    async def _hear(self, client: Any, heard: Heard) -> None:
        while True:
            if not self._last:
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            try:
                answer = await client.xread(self._last, count=AT_ONCE, block=BLOCK_MS)
            except (RedisError, OSError):
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            for stream, entries in answer:
                for _, fields in entries:
                    if fields[b"s"] != self._sender:
                        heard(int(fields[b"a"]), fields[b"m"])
                self._last[stream.decode()] = entries[-1][0].decode()
