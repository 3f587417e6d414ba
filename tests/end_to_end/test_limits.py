"""What is too large is told once and the connection stays; what is only large gets in."""

from collections.abc import Iterator

import pytest

from tests.support import node, serving
from tests.support.replica import join
from tests.support.rest import Api, Person
from tests.support.stock import Stock, StockClient, stock

MESSAGE = 2 * 1024 * 1024
VERSIONS = ["1.4", "3.1"]

pytestmark = pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    data = tmp_path_factory.mktemp("limits") / "data"
    with serving.running(data, max_message_bytes=MESSAGE, max_update_structs=60_000) as running:
        yield running


async def _opened(process: Stock, api: Api, slug: str, person: Person, version: str) -> StockClient:
    client = await process.open("client")
    url = f"ws{api.url.removeprefix('http')}/sync"
    await client.connect(version=version, url=url, room=slug, params={"token": person.token})
    await client.untilSynced()
    return client


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("size", [MESSAGE + 1, 3 * MESSAGE, 40 * MESSAGE])
async def test_a_message_that_is_too_large_is_told_once_and_not_sent_again_and_again(
    api: Api, version: str, size: int
) -> None:
    ada, bob = api.somebody(), api.somebody()
    slug = api.make_article(ada, "Start.")
    async with stock() as process, join(api.sync_url(slug, bob)) as witness:
        client = await _opened(process, api, slug, ada, version)
        await client.append(text="x" * size)
        await process.until_complaint("too-large")
        witness.append(" Go on.")
        await witness.until_stored()
        await client.present(state={"still": "here"})
        await witness.until(lambda: any((s or {}).get("still") for s in witness.presences.values()))
        state = await client.state()
        assert state["connected"]
        assert len(state["closes"]) <= 1  # a message of any size cannot be read to its end
        assert len(await process.complaints()) == 1
        assert api.authors(slug)[0] == "Start. Go on."


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_first_sync_of_a_large_document_gets_in(api: Api, version: str) -> None:
    """One megabyte in 20,000 pieces, as a long day offline leaves it."""
    ada, bob = api.somebody(), api.somebody()
    slug = api.make_article(ada)
    async with stock() as process:
        client = await process.open("client")
        await client.fill(pieces=20_000, length=50)
        url = f"ws{api.url.removeprefix('http')}/sync"
        await client.connect(version=version, url=url, room=slug, params={"token": ada.token})
        whole = await client.read()
        assert len(whole) == 1_000_000
        async with join(api.sync_url(slug, bob)) as reader:
            await reader.until_text(whole)
            assert api.authors(slug) == (whole, [ada.id] * len(whole))
        assert await process.complaints() == []
        assert (await client.state())["closes"] == []


async def test_a_bomb_does_not_get_in_and_is_told(api: Api) -> None:
    """More pieces than an update may have, in a message of a fine size."""
    ada, bob = api.somebody(), api.somebody()
    slug = api.make_article(ada, "Start.")
    async with stock() as process, join(api.sync_url(slug, bob)) as witness:
        client = await process.open("client")
        await client.fill(pieces=70_000, length=2)
        url = f"ws{api.url.removeprefix('http')}/sync"
        await client.connect(version="3.1", url=url, room=slug, params={"token": ada.token})
        await process.until_complaint("too-large")
        witness.append(" Go on.")
        await witness.until_stored()
        assert api.authors(slug)[0] == "Start. Go on."
        assert (await client.state())["closes"] == []
        assert len(await process.complaints()) == 1


async def test_the_log_never_shows_a_token(api: Api, server: serving.Server) -> None:
    person = api.somebody()
    slug = api.make_article(person)
    async with join(api.sync_url(slug, person)) as replica:
        replica.append("x")
        await replica.until_stored()
    api.http.get("/sync/nowhere", params={"token": person.token})
    api.http.get("/api/v1/articles", params={"token": person.token}, headers=person.headers)
    assert person.token.rpartition(".")[2] not in server.log.read_text()
