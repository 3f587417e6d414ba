"""A line to one Redis: two connections, one to hear and one to tell, that live and die together.

Redis' pub/sub loses in silence, so nothing here connects again by itself: whatever goes wrong ends
the line. A pulse through both connections, from us to us, tells whether it still carries anything.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import count, repeat
from typing import Any, NoReturn

from redis.asyncio import Connection
from redis.asyncio.connection import AbstractConnection, parse_url
from redis.exceptions import RedisError

from server.outgoing import Outgoing

PULSE_SECONDS = 1.0
MOST_UNANSWERED = 3  # pulses; then the line is dead
CONNECT_SECONDS = 3.0
AT_ONCE = 64  # messages heard before the loop may do something else
OVERRIDES: dict[str, Any] = {
    "protocol": 2,
    "decode_responses": False,
    "socket_timeout": None,  # the pulse is our timeout
    "driver_info": None,
}

Address = Callable[[], AbstractConnection]
Received = Callable[[bytes, bytes], None]


def address(url: str) -> Address:
    """Read a URL as redis-py does; ValueError when it cannot."""
    options: dict[str, Any] = {**parse_url(url), **OVERRIDES}
    there = partial(options.pop("connection_class", Connection), **options)
    try:
        there()
    except (TypeError, RedisError) as error:
        raise ValueError(f"The URL of Redis has what is not understood: {error}") from error
    return there


class Line:
    """Commands to Redis, and what comes from it: `received(channel, message)`.

    `pulse` is a channel of ours alone, `notice` a channel and what to say there of a loss.
    Nothing here waits for Redis but `run`, which ends with the exception that ends the line.
    """

    def __init__(
        self,
        hearing: AbstractConnection,
        telling: AbstractConnection,
        pulse: bytes,
        notice: tuple[bytes, bytes],
        received: Received,
    ) -> None:
        self._hearing = hearing
        self._telling = telling
        self._pulse = pulse
        self._received = received
        self._wishes = Outgoing(hearing)
        self._messages = Outgoing(telling, (b"PUBLISH", *notice))
        self._asked: deque[asyncio.Future[None] | None] = deque()  # Redis answers in this order
        self._unanswered = 0

    def publish(self, channel: bytes, message: bytes) -> int:
        """Send a message, now or with the next write; give how many older ones are lost by it."""
        return self._messages.put(b"PUBLISH", channel, message)

    def subscribe(self, *channels: bytes) -> asyncio.Future[None]:
        """Give what is done when Redis has confirmed the last of them, or the line has ended."""
        confirmed = asyncio.get_running_loop().create_future()
        self._wishes.put(b"SUBSCRIBE", *channels)
        self._asked.extend(repeat(None, len(channels) - 1))
        self._asked.append(confirmed)
        return confirmed

    def unsubscribe(self, channel: bytes) -> None:
        """Ask for no more of a channel; some may still be on its way."""
        self._wishes.put(b"UNSUBSCRIBE", channel)
        self._asked.append(None)

    async def run(self) -> NoReturn:
        """Carry everything until it ends with an exception group."""
        async with asyncio.TaskGroup() as tasks:
            for work in (
                self._hear(),
                self._read_answers(),
                self._wishes.write(),
                self._messages.write(),
                self._watch(),
            ):
                tasks.create_task(work, name="bus")
        raise AssertionError("none of these ends without an exception")

    def end(self) -> int:
        """Let nobody wait any more; give how many messages were not sent."""
        for confirmed in self._asked:
            if confirmed is not None and not confirmed.done():
                confirmed.set_result(None)
        return len(self._messages)

    async def _hear(self) -> NoReturn:
        for number in count(1):
            kind, channel, value = await _answer(self._hearing)
            if kind != b"message":
                self._confirm()
            elif channel == self._pulse:
                self._unanswered = 0
            else:
                self._received(channel, value)
            if not number % AT_ONCE:
                await asyncio.sleep(0)
        raise AssertionError("count never ends")

    def _confirm(self) -> None:
        confirmed = self._asked.popleft()
        if confirmed is not None:
            confirmed.set_result(None)

    async def _read_answers(self) -> NoReturn:
        """Read how many have heard a message, which says little, or what Redis has against it."""
        while True:
            await _answer(self._telling)

    async def _watch(self) -> NoReturn:
        while self._unanswered < MOST_UNANSWERED and not self._wishes.overflowed:
            self._unanswered += 1
            self.publish(self._pulse, b"")
            await asyncio.sleep(PULSE_SECONDS)
        raise TimeoutError("Redis does not answer to the pulse")


@asynccontextmanager
async def connected(there: Address) -> AsyncIterator[AbstractConnection]:
    """Connect once for the length of a block, which does not wait for the other side to end it."""
    connection = there()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(connection.disconnect, nowait=True)
        async with asyncio.timeout(CONNECT_SECONDS):
            await connection.connect()  # type: ignore[no-untyped-call]  # so it is in redis-py
        # Merely closed it would stay until Redis has read all that is on its way.
        if writer := connection._writer:  # noqa: SLF001 - redis-py only closes
            stack.callback(writer.transport.abort)
        yield connection


async def _answer(connection: AbstractConnection) -> Any:
    return await connection.read_response(
        timeout=math.inf, push_request=True, disconnect_on_error=False
    )
