"""What happens to a bus over Redis when Redis is in trouble."""

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import redisline
from server.bus import Bus
from server.redisbus import JOIN_SECONDS, RedisBus
from server.telemetry import Telemetry
from tests.support import buses, redis, tls
from tests.support.buses import KEY, on, over, until, working

A, B = 1, 2  # articles
NOBODY = "redis://127.0.0.1:1"  # a port where nothing listens


@pytest.fixture(scope="module")
def shared() -> Iterator[redis.Redis]:
    with redis.running() as server:
        yield server


@pytest.fixture
def server(shared: redis.Redis) -> Iterator[redis.Redis]:
    """A Redis that works, whatever the test before has done to it."""
    yield shared
    if shared.running:
        shared.resume()
    else:
        shared.start()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redisline, "PULSE_SECONDS", 0.1)


def counted(bus: Bus, name: str) -> float:
    assert isinstance(bus, RedisBus)
    return bus._telemetry.registry.get_sample_value(f"palimpsest_bus_{name}") or 0.0


async def test_after_a_kill_everybody_is_told_and_all_goes_on(server: redis.Redis) -> None:
    async with on(over(server), A) as one, on(over(server), A) as two:
        for number in range(5):
            before = one.missed, two.missed
            server.kill_clients()
            await one.until(lambda before=before: one.missed > before[0])  # type: ignore[misc]
            await two.until(lambda before=before: two.missed > before[1])  # type: ignore[misc]
            await working(one.bus)
            await working(two.bus)
            one.bus.publish(A, b"after kill %d" % number)
            await two.until_heard(b"after kill %d" % number)


async def test_who_was_not_cut_off_hears_that_another_was(server: redis.Redis) -> None:
    """What was on its way out of the other one is lost, and only they can know."""
    async with on(over(server), A) as one, on(over(server), A) as two:
        before = two.missed
        telling = [
            line.split()[0].removeprefix("id=")
            for line in server.call("CLIENT", "LIST").decode().splitlines()
            if "cmd=publish" in line
        ]
        server.call("CLIENT", "KILL", "ID", int(telling[0]))
        await two.until(lambda: two.missed > before)
        await one.until(lambda: one.missed > 1)


async def test_after_a_restart_everybody_is_told_and_all_goes_on(server: redis.Redis) -> None:
    async with on(over(server), A) as one, on(over(server), A) as two:
        before = two.missed
        server.stop()
        await until(lambda: one.bus.trouble == "Redis cannot be reached")
        assert counted(one.bus, "ok") == 0
        server.start()
        await two.until(lambda: two.missed > before)
        await working(one.bus)
        assert counted(one.bus, "ok") == 1
        one.bus.publish(A, b"after the restart")
        await two.until_heard(b"after the restart")


@pytest.mark.usefixtures("impatient")
async def test_a_redis_that_stands_still_is_noticed_and_left(server: redis.Redis) -> None:
    async with on(over(server), A) as one, on(over(server), A) as two:
        before = two.missed
        server.pause()
        await until(lambda: one.bus.trouble == "Redis does not answer")
        server.resume()
        await two.until(lambda: two.missed > before)
        await working(one.bus)
        one.bus.publish(A, b"after the stall")
        await two.until_heard(b"after the stall")


async def test_a_short_stall_loses_nothing(server: redis.Redis) -> None:
    async with on(over(server), A) as one, on(over(server), A) as two:
        before = two.missed
        server.stall(0.5)
        for number in range(1000):
            one.bus.publish(A, b"%d" % number)
        await two.until_heard(b"999")
        assert two.messages == [b"%d" % number for number in range(1000)]
        assert two.missed == before


async def test_publishing_to_a_redis_that_stands_still_does_not_wait(server: redis.Redis) -> None:
    async with on(over(server)) as one:
        server.pause()
        for _ in range(100):
            for _ in range(200):
                one.bus.publish(A, bytes(10_000))
            await asyncio.sleep(0)
        assert counted(one.bus, "lost_total") > 10_000


async def test_publishing_to_no_redis_loses_and_counts(server: redis.Redis) -> None:
    async with on(over(server), A) as one:
        server.stop()
        await until(lambda: one.bus.trouble is not None)
        lost = counted(one.bus, "lost_total")
        for _ in range(100):
            one.bus.publish(A, b"nobody hears this")
        assert counted(one.bus, "lost_total") == lost + 100


async def test_joining_while_redis_is_gone_returns_and_is_told_later(server: redis.Redis) -> None:
    async with on(over(server)) as one, on(over(server)) as two:
        server.stop()
        await until(lambda: two.bus.trouble is not None)
        await two.bus.join(A)
        before = two.missed
        server.start()
        await two.until(lambda: two.missed > before)
        await working(one.bus)
        one.bus.publish(A, b"joined after all")
        await two.until_heard(b"joined after all")


async def test_joining_while_redis_stands_still_waits_a_second_and_is_told_later(
    server: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redisline, "PULSE_SECONDS", buses.PATIENCE)  # nothing else ends the wait
    async with on(over(server)) as one, on(over(server)) as two:
        before = two.missed
        server.pause()
        began = time.monotonic()
        await two.bus.join(A)
        assert time.monotonic() - began > JOIN_SECONDS * 0.9
        assert two.missed == before
        server.resume()
        await two.until(lambda: two.missed > before)
        one.bus.publish(A, b"joined after all")
        await two.until_heard(b"joined after all")


@pytest.mark.usefixtures("impatient")
async def test_leaving_while_redis_is_in_trouble_is_leaving(server: redis.Redis) -> None:
    async with on(over(server)) as one, on(over(server), A, B) as two:
        server.stop()
        await until(lambda: two.bus.trouble is not None)
        two.bus.leave(A)
        server.start()
        await working(one.bus)
        await working(two.bus)
        one.bus.publish(A, b"left")
        one.bus.publish(B, b"stayed")
        await two.until_heard(b"stayed")
        assert two.heard == [(B, b"stayed")]


async def test_deployments_with_different_keys_ignore_each_other(server: redis.Redis) -> None:
    async with (
        on(over(server, "one key " * 5), A) as one,
        on(over(server, "another key " * 5), A) as two,
        on(over(server, "another key " * 5), A) as three,
    ):
        missed = two.missed
        one.bus.publish(A, b"foreign")
        three.bus.publish(A, b"ours")
        await two.until_heard(b"ours")
        assert two.heard == [(A, b"ours")]
        assert counted(two.bus, "ignored_total") >= 1
        assert two.missed <= missed + 1  # of the third, who came last


@pytest.mark.parametrize("forged", [b"", b"x" * 23, b"x" * 200])
async def test_what_has_no_seal_is_ignored_and_counted(server: redis.Redis, forged: bytes) -> None:
    async with on(over(server)) as one, on(over(server), A) as two:
        server.call("PUBLISH", "palimpsest:1", forged)
        server.call("PUBLISH", "palimpsest:everybody", forged)
        one.bus.publish(A, b"sealed")
        await two.until_heard(b"sealed")
        assert two.heard == [(A, b"sealed")]
        assert counted(two.bus, "ignored_total") == 2


async def test_our_own_mistake_in_hearing_one_message_is_counted_and_the_next_is_heard(
    server: redis.Redis,
) -> None:
    bus, ear = over(server), buses.Ear()

    def hear(article: int, message: bytes) -> None:
        if message == b"bad":
            raise KeyError(article)
        ear.hear(article, message)

    async with on(over(server)) as one, bus.listening(hear, ear.miss):
        await working(bus)
        await bus.join(A)
        one.bus.publish(A, b"bad")
        one.bus.publish(A, b"good")
        await ear.until_heard(b"good")
    assert bus._telemetry.registry.get_sample_value("palimpsest_faults_total") == 1


async def test_our_own_mistake_on_a_line_is_counted_and_the_next_line_carries_on(
    server: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(over(server), A) as one, on(over(server)) as two:
        before = one.missed

        def mistaken(*_message: bytes) -> None:
            raise KeyError("ours")

        monkeypatch.setattr(one.bus._line, "_received", mistaken)  # type: ignore[attr-defined]
        two.bus.publish(A, b"bad")
        await one.until(lambda: one.missed > before)
        two.bus.publish(A, b"good")
        await one.until_heard(b"good")
        assert one.bus._telemetry.registry.get_sample_value("palimpsest_faults_total") == 1  # type: ignore[attr-defined]


async def test_closing_leaves_no_connection(server: redis.Redis) -> None:
    await until(lambda: server.clients() == 0)
    async with on(over(server), A), on(over(server), A):
        assert server.clients() == 4
    await until(lambda: server.clients() == 0)


@pytest.mark.usefixtures("impatient")
async def test_closing_while_redis_stands_still_does_not_wait(server: redis.Redis) -> None:
    before = asyncio.all_tasks()
    async with on(over(server), A) as one:
        server.pause()
        one.bus.publish(A, bytes(4 << 20))
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_closing_while_redis_cannot_be_reached_does_not_wait() -> None:
    before = asyncio.all_tasks()
    bus, ear = RedisBus(NOBODY, KEY, Telemetry()), buses.Ear()
    async with bus.listening(ear.hear, ear.miss):
        assert bus.trouble == "Redis has not answered yet"
        await until(lambda: bus.trouble == "Redis cannot be reached")
        await bus.join(A)
    assert ear.missed == 0
    assert asyncio.all_tasks() == before


async def test_when_one_url_fails_the_next_is_tried(server: redis.Redis) -> None:
    bus = RedisBus(f"{NOBODY}, {server.url}", KEY, Telemetry())
    async with on(over(server)) as one, on(bus, A) as two:
        one.bus.publish(A, b"found")
        await two.until_heard(b"found")


async def test_a_password_is_sent_and_a_wrong_one_is_told() -> None:
    with redis.running(password="p ä:@/,") as server:
        async with on(over(server)) as one, on(over(server), A) as two:
            one.bus.publish(A, b"let in")
            await two.until_heard(b"let in")
        for url in (server.url.replace("%C3", "%C4"), f"redis://127.0.0.1:{server.port}"):
            bus, ear = RedisBus(url, KEY, Telemetry()), buses.Ear()
            async with bus.listening(ear.hear, ear.miss):
                await until(lambda bus=bus: bus.trouble != "Redis has not answered yet")  # type: ignore[misc]
                assert bus.trouble == "Redis does not accept our name or password"


async def test_what_redis_refuses_is_told(server: redis.Redis) -> None:
    user = ["ACL", "SETUSER", "narrow", "on", ">secret", "+@all", "resetchannels"]
    server.call(*user, "&palimpsest:pulse:*")
    bus, ear = over(server), buses.Ear()
    bus = RedisBus(f"redis://narrow:secret@127.0.0.1:{server.port}", KEY, Telemetry())
    async with bus.listening(ear.hear, ear.miss):
        await until(lambda: bus.trouble == "Redis refuses what we ask for")
    server.call(*user, "&palimpsest:*")
    async with on(bus, A) as two, on(over(server)) as one:
        one.bus.publish(A, b"channels of this name will do")
        await two.until_heard(b"channels of this name will do")


async def test_a_unix_socket_will_do(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with redis.running(options=["--unixsocket", str(path)]) as server:
        bus = RedisBus(f"unix://{path}", KEY, Telemetry())
        async with on(over(server)) as one, on(bus, A) as two:
            one.bus.publish(A, b"found")
            await two.until_heard(b"found")


async def test_all_nodes_of_a_cluster_carry_the_news_and_one_may_die() -> None:
    with redis.cluster() as (first, second, third):
        urls = ",".join(node.url for node in (second, third))
        async with (
            on(over(first)) as one,
            on(RedisBus(urls, KEY, Telemetry()), A, B) as two,
        ):
            one.bus.publish(A, b"through two nodes")
            one.bus.publish(B, b"another slot")
            await two.until_heard(b"through two nodes")
            await two.until_heard(b"another slot")
            before = two.missed
            second.stop()
            await two.until(lambda: two.missed > before)
            await working(two.bus)
            one.bus.publish(A, b"through the third")
            await two.until_heard(b"through the third")


@pytest.mark.parametrize("url", ["http://localhost", "redis://localhost?colour=red", ""])
def test_a_url_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="Redis"):
        RedisBus(url, KEY, Telemetry())


async def test_more_wishes_than_may_wait_end_the_line_and_none_is_forgotten(
    server: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.outgoing.MOST_WAITING", 50)
    monkeypatch.setattr(redisline, "PULSE_SECONDS", 0.1)
    async with on(over(server)) as one, on(over(server)) as two:
        before = two.missed
        await asyncio.gather(*map(two.bus.join, range(1, 200)))
        await two.until(lambda: two.missed > before)
        await working(one.bus)
        one.bus.publish(1, b"the first")
        one.bus.publish(199, b"the last")
        await two.until_heard(b"the first")
        await two.until_heard(b"the last")


async def test_a_redis_that_takes_connections_and_says_nothing_is_in_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redisline, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(redisline, "PULSE_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://:secret@127.0.0.1:{silent.getsockname()[1]}"
        bus, ear = RedisBus(url, KEY, Telemetry()), buses.Ear()
        async with bus.listening(ear.hear, ear.miss):
            await until(lambda: bus.trouble == "Redis does not answer")


async def test_a_wire_that_is_encrypted_is_checked(server: redis.Redis, tmp_path: Path) -> None:
    ours, theirs = tls.certificate(tmp_path / "ours"), tls.certificate(tmp_path / "theirs")
    async with tls.in_front_of(server.port, ours) as port:
        url = f"rediss://127.0.0.1:{port}?ssl_ca_certs="
        async with (
            on(over(server)) as one,
            on(RedisBus(url + str(ours.public), KEY, Telemetry()), A) as two,
        ):
            one.bus.publish(A, b"in secret")
            await two.until_heard(b"in secret")
        bus, ear = RedisBus(url + str(theirs.public), KEY, Telemetry()), buses.Ear()
        async with bus.listening(ear.hear, ear.miss):
            await until(lambda: bus.trouble == "Redis cannot be reached")
