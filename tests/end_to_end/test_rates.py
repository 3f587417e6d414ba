"""Who asks for too much: told, slowed down or asked to come back later; nobody else notices."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response

from tests.support import serving, wire
from tests.support.forging import Forged, Section, text
from tests.support.replica import Replica, join
from tests.support.rest import Api

SECONDS = 10  # that messages are counted over
MESSAGES = 40  # of an author in a second
CLIENTS = 5
CONNECTIONS = 3
PROXY = {"X-Forwarded-For": "192.0.2.1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    with serving.running(
        tmp_path_factory.mktemp("rates") / "data",
        author_messages_per_second=MESSAGES,
        author_clients_per_minute=CLIENTS,
        author_connections=CONNECTIONS,
    ) as running:
        yield running


@asynccontextmanager
async def _room(api: Api) -> AsyncIterator[tuple[Replica, Replica]]:
    """Somebody who asks for too much, and somebody who writes."""
    one, other = api.somebody(), api.somebody()
    slug = api.make_article(one)
    urls = [api.sync_url(slug, person, attribution=False) for person in (one, other)]
    async with join(urls[0]) as flooding, join(urls[1]) as writing:
        yield flooding, writing


async def test_an_honest_burst_takes_longer_and_nothing_of_it_is_lost(api: Api) -> None:
    async with _room(api) as (flooding, writing):
        whole = "".join(f"{number} " for number in range(MESSAGES * SECONDS + 100))
        for word in whole.split():
            flooding.append(f"{word} ")
        await flooding.until(lambda: flooding.refusals)
        await writing.until(lambda: writing.text == whole, "the whole burst")
        assert [told.split(":")[0] for told in flooding.refusals] == ["too-fast"]
        assert flooding.closed is None


async def test_a_flood_of_presence_is_told_and_costs_the_others_few_frames(api: Api) -> None:
    async with _room(api) as (flooding, writing):
        before = writing.frames
        for clock in range(1, 20_000):
            flooding.send(wire.awareness((flooding.client_id, clock, {"cursor": clock})))
        await flooding.until(lambda: flooding.refusals)
        assert flooding.refusals[0].startswith("too-fast")
        writing.append("undisturbed")
        await flooding.until(lambda: flooding.text == "undisturbed")
        assert writing.frames - before < MESSAGES * SECONDS + 100
        assert (writing.refusals, writing.closed, flooding.closed) == ([], None, None)


async def test_more_new_client_ids_than_allowed_are_refused_and_told(api: Api) -> None:
    async with _room(api) as (flooding, writing):
        sections = [Section(n, 0, [text("x")]) for n in range(CLIENTS + 1, 0, -1)]
        flooding.send_update(Forged(sections).encode())
        await flooding.until(lambda: flooding.refusals)
        assert flooding.refusals[0].startswith("too-many-clients")
        writing.append("undisturbed")
        await flooding.until(lambda: flooding.text == "undisturbed")
        flooding.send_update(Forged(sections[1:]).encode())
        await writing.until(lambda: writing.text.count("x") == CLIENTS)
        assert flooding.closed is None


async def _refusal(url: str, headers: dict[str, str]) -> Response | None:
    """Try to connect; give the answer when it was no upgrade."""
    try:
        async with connect(url, additional_headers=headers):
            return None
    except InvalidStatus as refused:
        return refused.response


async def _is_refused(url: str, **headers: str) -> bool:
    answer = await _refusal(url, headers)
    if answer is None:
        return False
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert b"too-many-connections" in (answer.body or b"")
    return True


async def test_a_connection_too_many_is_refused_until_another_ends(api: Api) -> None:
    ada = api.somebody()
    url = api.sync_url(api.make_article(ada), ada)
    async with join(url), join(url):
        async with join(url) as last:
            assert await _is_refused(url)
            last.kill()
        await _until_admitted(url)


async def _until_admitted(url: str) -> None:
    """Try as a client does, until a place is free."""
    while await _is_refused(url):
        pass


async def test_the_address_that_counts_is_the_one_that_a_trusted_proxy_tells(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = tmp_path_factory.mktemp("proxy") / "data"
    with serving.running(data, trusted_proxies="127.0.0.1", address_connections=1) as server:
        api = Api(server.url)
        url = api.sync_url(api.make_article(api.somebody()), None)
        async with connect(url, additional_headers=PROXY):
            assert await _is_refused(url, **PROXY)
            assert not await _is_refused(url, **{"X-Forwarded-For": "192.0.2.2"})
        api.close()


async def test_what_anybody_says_of_their_address_counts_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = tmp_path_factory.mktemp("direct") / "data"
    with serving.running(data, address_connections=1) as server:
        api = Api(server.url)
        url = api.sync_url(api.make_article(api.somebody()), None)
        async with connect(url, additional_headers=PROXY):
            assert await _is_refused(url, **{"X-Forwarded-For": "192.0.2.2"})
        api.close()


async def test_presence_is_bounded_in_size_in_client_ids_and_in_clocks(api: Api) -> None:
    async with _room(api) as (flooding, writing):
        flooding.send(wire.awareness((1, 1, {"cursor": "x" * 5_000})))
        await flooding.until(lambda: flooding.refusals)
        assert flooding.refusals[0].startswith("presence-refused")
        for client in range(2, 20):
            flooding.send(wire.awareness((client, 1, {})))
        writing.greet()
        flooding.append("!")
        await writing.until(lambda: writing.text == "!" and 9 in writing.presences)
        assert set(writing.presences) - {writing.client_id} == set(range(2, 10))
        flooding.send(wire.awareness((2, 2**31, {})))
        await flooding.until(lambda: flooding.closed)
        assert flooding.closed is not None
        assert flooding.closed[0] == 4400
