import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from redis.exceptions import RedisError

from server import outgoing, redisline
from server.redisline import Line, address, connected
from tests.support import redis
from tests.support.buses import until

NOTICE = (b"notice", b"something was lost")


@pytest.fixture(scope="module")
def server() -> Iterator[redis.Redis]:
    with redis.running() as server:
        yield server


class Carried(Line):
    """A line with what it received."""

    received: list[tuple[bytes, bytes]]
    running: asyncio.Task[None]


@asynccontextmanager
async def carried(server: redis.Redis) -> AsyncIterator[Carried]:
    there = address(server.url)
    received: list[tuple[bytes, bytes]] = []
    async with connected(there) as hearing, connected(there) as telling:
        line = Carried(hearing, telling, b"pulse", NOTICE, lambda *both: received.append(both))
        line.received = received
        line.running = asyncio.create_task(line.run())
        yield line
        line.running.cancel()
        await asyncio.wait([line.running])


async def test_what_is_subscribed_to_is_received(server: redis.Redis) -> None:
    async with carried(server) as line:
        await line.subscribe(b"a", b"b")
        assert line.publish(b"a", b"1") == line.publish(b"c", b"2") == line.publish(b"b", b"3") == 0
        await until(lambda: len(line.received) == 2)
        assert line.received == [(b"a", b"1"), (b"b", b"3")]


async def test_each_is_told_when_its_own_wish_is_confirmed(server: redis.Redis) -> None:
    async with carried(server) as line:
        line.unsubscribe(b"never had")
        first = line.subscribe(b"a", b"b", b"c")
        line.unsubscribe(b"b")
        await line.subscribe(b"b")
        assert first.done()
        assert server.call("PUBSUB", "NUMSUB", "a", "b", "c") == [b"a", 1, b"b", 1, b"c", 1]


async def test_a_line_without_an_answer_to_its_pulse_ends(
    server: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redisline, "PULSE_SECONDS", 0.02)
    async with carried(server) as line:
        await asyncio.wait([line.running])  # nobody has subscribed to the pulse
        error = line.running.exception()
        assert isinstance(error, ExceptionGroup)
        assert error.subgroup(TimeoutError)


async def test_a_line_with_a_pulse_lives(
    server: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redisline, "PULSE_SECONDS", 0.02)
    async with carried(server) as line:
        await line.subscribe(b"pulse")
        pulses = published(server) + 2 * redisline.MOST_UNANSWERED
        await until(lambda: published(server) >= pulses)
        assert not line.running.done()
        assert line.received == []


def published(server: redis.Redis) -> int:
    return int(server.call("INFO", "commandstats")["cmdstat_publish"]["calls"])


async def test_a_connection_that_is_cut_ends_the_line(server: redis.Redis) -> None:
    async with carried(server) as line:
        await line.subscribe(b"a")
        server.kill_clients()
        await asyncio.wait([line.running])
        error = line.running.exception()
        assert isinstance(error, ExceptionGroup)
        assert error.subgroup(RedisError)


async def test_at_the_end_nobody_waits_and_what_was_not_sent_is_counted(
    server: redis.Redis,
) -> None:
    there = address(server.url)
    async with connected(there) as hearing, connected(there) as telling:
        line = Line(hearing, telling, b"pulse", NOTICE, lambda *_: None)
        confirmed = line.subscribe(b"a")
        line.publish(b"a", b"sent at once")
        line.publish(b"a", b"never sent")
        line.publish(b"a", b"nor this")
        assert line.end() == 2
        assert confirmed.done()


async def test_a_loss_is_told_on_the_channel_for_it(
    server: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "MOST_WAITING", 2)
    monkeypatch.setattr(redisline, "PULSE_SECONDS", 60.0)
    async with carried(server) as line:
        await line.subscribe(b"a")
        await line.subscribe(b"notice")  # in a later turn of the loop than the only pulse
        lost = sum(line.publish(b"a", b"%d" % number) for number in range(5))
        assert lost == 2
        await until(lambda: NOTICE in line.received)
        assert line.received == [(b"a", b"0"), (b"a", b"3"), (b"a", b"4"), NOTICE]


@pytest.mark.parametrize("url", ["http://a", "redis://a?colour=red", "redis://a?protocol=5&db=x"])
def test_a_url_that_is_not_understood_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|Redis"):
        address(url)


@pytest.mark.parametrize("query", ["protocol=3", "decode_responses=True", "socket_timeout=1"])
def test_what_we_rely_on_cannot_be_changed_by_a_url(query: str) -> None:
    connection = address(f"redis://a?{query}")()
    assert connection.protocol == 2
    assert connection.socket_timeout is None
    assert connection.encoder.decode_responses is False
