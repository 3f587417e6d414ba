"""What a bus in memory does beyond the contract (tests/contracts/test_bus.py)."""

import asyncio

from server.bus import MOST_WAITING, Hub, LocalBus


class Ear:
    def __init__(self) -> None:
        self.heard: list[tuple[int, bytes]] = []
        self.missed = 0

    def hear(self, article: int, message: bytes) -> None:
        self.heard.append((article, message))

    def miss(self) -> None:
        self.missed += 1


async def test_a_bus_without_a_hub_is_alone_and_says_nothing() -> None:
    bus, ear = LocalBus(), Ear()
    async with bus.listening(ear.hear, ear.miss):
        await bus.join(1)
        bus.publish(1, b"nobody is there")
        await asyncio.sleep(0)
    assert bus.alone
    assert bus.trouble is None
    assert ear.heard == []


def test_an_endpoint_of_a_hub_is_not_alone() -> None:
    assert not Hub().endpoint().alone


async def test_nothing_is_heard_before_publish_returns() -> None:
    hub, ear = Hub(), Ear()
    one, other = hub.endpoint(), hub.endpoint()
    async with one.listening(ear.hear, ear.miss), other.listening(ear.hear, ear.miss):
        await other.join(1)
        one.publish(1, b"news")
        assert ear.heard == []
        await asyncio.sleep(0)
        assert ear.heard == [(1, b"news")]


async def test_what_is_on_its_way_is_not_heard_after_leaving() -> None:
    hub, ear = Hub(), Ear()
    one, other = hub.endpoint(), hub.endpoint()
    async with one.listening(ear.hear, ear.miss), other.listening(ear.hear, ear.miss):
        await other.join(1)
        one.publish(1, b"too late")
        other.leave(1)
        await asyncio.sleep(0)
        assert ear.heard == []


async def test_more_than_may_wait_is_lost_and_told_once() -> None:
    hub, ear = Hub(), Ear()
    one, other = hub.endpoint(), hub.endpoint()
    async with one.listening(ear.hear, ear.miss), other.listening(ear.hear, ear.miss):
        await other.join(1)
        for _ in range(MOST_WAITING + 2):
            one.publish(1, b"much")
        await asyncio.sleep(0)
        assert len(ear.heard) == MOST_WAITING
        assert ear.missed == 1
        one.publish(1, b"again")
        await asyncio.sleep(0)
        assert ear.heard[-1] == (1, b"again")
