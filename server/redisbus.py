"""A bus over Redis' pub/sub: a channel for each article, every message under our seal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle

from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from server.bus import Heard, Missed
from server.redisline import Address, Line, address, connected
from server.redisurls import split_urls
from server.seal import Seal
from server.telemetry import Telemetry

PREFIX = b"palimpsest:"
EVERYBODY = PREFIX + b"everybody"  # where a process says that it may have lost something
NOT_YET = "Redis has not answered yet"
JOIN_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 0.01
LAST_PAUSE_SECONDS = 1.0


class RedisBus:
    """See Bus. `urls` are separated by commas; when one fails the next is tried, round and round.

    Any node of a Redis cluster will do, since they pass on all that is published. When messages
    may have been lost on our way out, all others are told so, and hear `missed`.
    """

    alone = False

    def __init__(self, urls: str, key: str, telemetry: Telemetry) -> None:
        self.trouble: str | None = NOT_YET
        self._addresses = [address(url) for url in split_urls(urls)]
        self._seal = Seal(key)
        self._pulse = PREFIX + b"pulse:" + self._seal.sender.hex().encode()
        self._telemetry = telemetry
        self._articles: dict[bytes, int] = {}
        self._line: Line | None = None
        self._pause = FIRST_PAUSE_SECONDS
        self._heard: Heard
        self._missed: Missed

    @asynccontextmanager
    async def listening(self, heard: Heard, missed: Missed) -> AsyncIterator[None]:
        """See Bus."""
        self._heard, self._missed = heard, missed
        self.trouble = NOT_YET
        self._telemetry.bus_ok.set(0)
        task = asyncio.create_task(self._stay(), name="bus")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            self._articles.clear()

    def publish(self, article: int, message: bytes) -> None:
        """See Bus."""
        self._telemetry.bus_told.inc()
        self._say(_channel(article), message)

    async def join(self, article: int) -> None:
        """See Bus."""
        channel = _channel(article)
        self._articles[channel] = article
        if self._line is None:
            return
        confirmed = self._line.subscribe(channel)
        await asyncio.wait([confirmed], timeout=JOIN_SECONDS)
        if not confirmed.done():
            confirmed.add_done_callback(lambda _: self._miss())

    def leave(self, article: int) -> None:
        """See Bus."""
        channel = _channel(article)
        if self._articles.pop(channel, None) is not None and self._line is not None:
            self._line.unsubscribe(channel)

    def _say(self, channel: bytes, message: bytes) -> None:
        if self._line is None:
            self._telemetry.bus_lost.inc()
        else:
            lost = self._line.publish(channel, self._seal.close(channel, message))
            self._telemetry.bus_lost.inc(lost)

    async def _stay(self) -> None:
        for there in cycle(self._addresses):
            try:
                await self._use(there)
            except* (RedisError, OSError) as troubles:
                self._suffer(_first(troubles))
            except* Exception as faults:  # noqa: BLE001 - our mistake: there is a next line
                self._telemetry.fault("The bus has failed.")
                self._suffer(_first(faults))
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LAST_PAUSE_SECONDS)

    async def _use(self, there: Address) -> None:
        async with connected(there) as hearing, connected(there) as telling:
            notice = (EVERYBODY, self._seal.close(EVERYBODY, b""))
            line = self._line = Line(hearing, telling, self._pulse, notice, self._receive)
            confirmed = line.subscribe(*self._articles, EVERYBODY, self._pulse)
            confirmed.add_done_callback(lambda _: self._greet(line))
            try:
                await line.run()
            finally:
                self._line = None
                self._telemetry.bus_lost.inc(line.end())

    def _greet(self, line: Line) -> None:
        """Only now that Redis has confirmed what we listen to it is time to read the log."""
        if self._line is not line:  # it has ended instead
            return
        self.trouble = None
        self._pause = FIRST_PAUSE_SECONDS
        self._telemetry.bus_ok.set(1)
        self._telemetry.log.info("Redis carries our news.")
        self._say(EVERYBODY, b"")
        self._miss()

    def _suffer(self, error: BaseException) -> None:
        trouble = _clause(error)
        if trouble != self.trouble:
            self._telemetry.log.warning("Redis is in trouble.", trouble=trouble, error=str(error))
        self.trouble = trouble
        self._telemetry.bus_ok.set(0)

    def _receive(self, channel: bytes, sealed: bytes) -> None:
        if self._seal.is_own(sealed):
            return
        message = self._seal.open(channel, sealed)
        if message is None:
            self._telemetry.bus_ignored.inc()
        elif channel == EVERYBODY:
            self._miss()
        else:
            self._hear(channel, message)

    def _hear(self, channel: bytes, message: bytes) -> None:
        article = self._articles.get(channel)
        if article is None:  # it was left meanwhile
            return
        self._telemetry.bus_heard.inc()
        try:
            self._heard(article, message)
        except Exception:  # noqa: BLE001 - our mistake in one article is not the others'
            self._telemetry.fault("A message of another process could not be taken in.")

    def _miss(self) -> None:
        if self._line is not None:  # else the next line says so
            self._telemetry.bus_missed.inc()
            self._missed()


def _channel(article: int) -> bytes:
    return b"%s%d" % (PREFIX, article)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _clause(error: BaseException) -> str:
    if isinstance(error, AuthenticationError):
        return "Redis does not accept our name or password"
    if isinstance(error, ResponseError):
        return "Redis refuses what we ask for"
    if isinstance(error, TimeoutError | RedisTimeoutError):
        return "Redis does not answer"
    return "Redis cannot be reached"
