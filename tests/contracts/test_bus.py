"""What every bus promises to the processes of a deployment."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.support import buses, redis
from tests.support.buses import Maker, on

A, B = 1, 2  # articles


@pytest.fixture(scope="module")
def redis_server() -> Iterator[redis.Redis]:
    with redis.running() as server:
        yield server


@pytest.fixture(params=["local", "redis"])
def new_bus(request: pytest.FixtureRequest) -> Maker:
    """Make one more bus that hears the others which the test makes."""
    if request.param == "local":
        return buses.local()
    server = request.getfixturevalue("redis_server")
    return lambda: buses.over(server)


async def test_the_others_hear_what_is_published(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus(), A) as two, on(new_bus(), A) as three:
        one.bus.publish(A, b"news")
        for other in (two, three):
            await other.until_heard(b"news")
            assert other.heard == [(A, b"news")]


async def test_nobody_hears_of_an_article_that_they_have_not_joined(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus(), B) as two:
        one.bus.publish(A, b"not for you")
        one.bus.publish(B, b"for you")
        await two.until_heard(b"for you")
        assert two.heard == [(B, b"for you")]


async def test_nobody_hears_themselves(new_bus: Maker) -> None:
    async with on(new_bus(), A) as one, on(new_bus(), A) as two:
        one.bus.publish(A, b"mine")
        await two.until_heard(b"mine")
        two.bus.publish(A, b"yours")
        await one.until_heard(b"yours")
        assert one.heard == [(A, b"yours")]


async def test_a_senders_messages_about_an_article_keep_their_order(new_bus: Maker) -> None:
    told = [b"%d" % number for number in range(2000)]
    async with on(new_bus()) as one, on(new_bus()) as two, on(new_bus(), A) as ear:
        for message in told:
            one.bus.publish(A, b"one " + message)
            two.bus.publish(A, b"two " + message)
        await ear.until_heard(b"one 1999")
        await ear.until_heard(b"two 1999")
        for name in (b"one ", b"two "):
            assert [m[4:] for m in ear.messages if m.startswith(name)] == told


async def test_messages_are_any_bytes_of_any_size(new_bus: Maker) -> None:
    told = [b"", b"\0", b"\r\n$-1\r\n", bytes(range(256)), bytes(3 << 20)]
    async with on(new_bus()) as one, on(new_bus(), A) as two:
        for message in told:
            one.bus.publish(A, message)
        await two.until_heard(told[-1])
        assert two.messages == told


async def test_whoever_has_joined_hears_what_is_published_from_then_on(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus()) as two:
        for article in range(1, 200):
            await two.bus.join(article)
            one.bus.publish(article, b"%d" % article)
        await two.until_heard(b"199")
        assert two.heard == [(article, b"%d" % article) for article in range(1, 200)]


async def test_after_leaving_nothing_is_heard(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus(), A, B) as two:
        one.bus.publish(A, b"on its way")
        two.bus.leave(A)
        one.bus.publish(A, b"too late")
        one.bus.publish(B, b"still here")
        await two.until_heard(b"still here")
        assert two.heard == [(B, b"still here")]


async def test_one_who_comes_back_hears_again(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus(), A) as two:
        two.bus.leave(A)
        await two.bus.join(A)
        two.bus.leave(A)
        await two.bus.join(A)
        one.bus.publish(A, b"welcome")
        await two.until_heard(b"welcome")


async def test_leaving_what_was_not_joined_does_no_harm(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus(), A) as two:
        two.bus.leave(B)
        one.bus.publish(A, b"news")
        await two.until_heard(b"news")


async def test_joining_twice_is_joining_once(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus(), A, A, B) as two:
        one.bus.publish(A, b"once")
        one.bus.publish(B, b"then")
        await two.until_heard(b"then")
        assert two.messages == [b"once", b"then"]
        two.bus.leave(A)
        one.bus.publish(A, b"gone")
        one.bus.publish(B, b"at last")
        await two.until_heard(b"at last")
        assert b"gone" not in two.messages


async def test_publishing_never_waits_and_what_waits_is_bounded(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus(), A) as two:
        missed = two.missed
        for number in range(50_000):
            one.bus.publish(A, b"%d" % number)
        await two.until(lambda: two.missed > missed)
        assert len(two.heard) < 50_000
        one.bus.publish(A, b"after")
        await two.until_heard(b"after")


async def test_outside_of_its_block_a_bus_tells_and_hears_nothing(new_bus: Maker) -> None:
    bus = new_bus()
    async with on(new_bus(), A) as other:
        async with on(bus, A) as ear:
            pass
        other.bus.publish(A, b"to nobody")
        async with on(bus) as again:
            other.bus.publish(A, b"not joined again")
            await again.bus.join(B)
            other.bus.publish(B, b"new")
            await again.until_heard(b"new")
            assert again.heard == [(B, b"new")]
        assert ear.heard == []


async def test_closing_leaves_no_task(new_bus: Maker) -> None:
    before = asyncio.all_tasks()
    async with on(new_bus(), A) as one, on(new_bus(), A) as two:
        one.bus.publish(A, b"news")
        await two.until_heard(b"news")
    assert asyncio.all_tasks() == before


async def test_nobody_is_alone_and_nobody_in_trouble(new_bus: Maker) -> None:
    async with on(new_bus()) as one, on(new_bus()):
        assert not one.bus.alone
        assert one.bus.trouble is None
