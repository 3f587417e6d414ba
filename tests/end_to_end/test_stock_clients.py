"""Clients from npm and PyPI as they are work here; nothing honest that they do is refused."""

import anyio
import pytest
from pycrdt import Doc, Provider, Text
from websockets.asyncio.client import ClientConnection, connect

from tests.support import node
from tests.support.replica import join
from tests.support.rest import Api, Person
from tests.support.stock import Stock, StockClient, stock

VERSIONS = ["1.4", "1.5", "2.1", "3.0", "3.1"]

pytestmark = pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")


async def opened(
    node_process: Stock, api: Api, slug: str, person: Person | None, version: str = "3.1"
) -> StockClient:
    client = await node_process.open(f"{version} of {person and person.name}")
    params = {"token": person.token} if person else {}
    url = f"ws{api.url.removeprefix('http')}/sync"
    await client.connect(version=version, url=url, room=slug, params=params)
    return client


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_stock_provider_writes_and_reads(api: Api, version: str) -> None:
    ada, bob = api.somebody(), api.somebody()
    slug = api.make_article(ada, "Start.")
    async with stock() as process, join(api.sync_url(slug, bob), presence={}) as replica:
        client = await opened(process, api, slug, ada, version)
        await client.untilText(text="Start.")
        await client.type(text=" é😀 typed")
        await replica.until_text("Start. é😀 typed")
        replica.append(" and read")
        await client.untilText(text="Start. é😀 typed and read")
        await client.untilPresences(people=2)
        assert await process.complaints() == []
        assert (await client.state())["closes"] == []


async def test_all_versions_in_one_article_converge_and_nothing_is_refused(api: Api) -> None:
    people = [api.somebody() for _ in VERSIONS]
    slug = api.make_article(people[0])
    before = api.metric("palimpsest_refusals_total")
    async with stock() as process:
        clients = [
            await opened(process, api, slug, person, version)
            for person, version in zip(people, VERSIONS, strict=True)
        ]
        for client in clients:
            await client.untilSynced()
        for client, version in zip(clients, VERSIONS, strict=True):
            await client.append(text=f"{version} ê\u0323\U0001f468\u200d\U0001f469 ")
            await client.type(text="typed ")
            await client.undo()
            await client.redo()
        whole = "".join(
            f"{version} ê\u0323\U0001f468\u200d\U0001f469 typed " for version in VERSIONS
        )
        async with join(api.sync_url(slug, None)) as reader:
            await reader.until(lambda: len(reader.text) == len(whole), "all text")
            text = reader.text
        for client in clients:
            await client.untilText(text=text)
        assert sorted(text) == sorted(whole)
        told, authors = api.authors(slug)
        assert told == text
        for person, version in zip(people, VERSIONS, strict=True):
            assert authors[text.index(version)] == person.id
        assert await process.complaints() == []
    assert api.metric("palimpsest_refusals_total") == before


async def test_undo_brings_anothers_words_back_as_theirs(api: Api) -> None:
    ada, bob = api.somebody(), api.somebody()
    slug = api.make_article(ada, "Ada wrote this. \U0001f600 And e\u0301 this.")
    before = api.authors(slug)
    async with stock() as process:
        client = await opened(process, api, slug, bob)
        await client.untilText(text=before[0])
        await client.delete(position=4, length=16)
        await client.undo()
        await client.untilText(text=before[0])
        async with join(api.sync_url(slug, ada)) as replica:
            await replica.until_text(before[0])
            assert replica.authors() == before[1]
        assert api.authors(slug) == before
        assert await process.complaints() == []


async def test_quill_works_unchanged(api: Api) -> None:
    ada, bob = api.somebody(), api.somebody()
    slug = api.make_article(ada, "Plain text.\n")
    before = api.metric("palimpsest_refusals_total")
    async with stock() as process:
        client = await opened(process, api, slug, bob)
        await client.untilText(text="Plain text.\n")
        await client.quill()
        await client.quillInsert(position=0, text="Bold ", formats={"bold": True})
        await client.quillFormat(position=5, length=5, formats={"italic": True})
        await client.quillDelete(position=0, length=1)
        async with join(api.sync_url(slug, ada)) as replica:
            await replica.until_text("old Plain text.\n")
            assert replica.authors() == [bob.id] * 4 + [ada.id] * 12
        assert api.authors(slug) == ("old Plain text.\n", [bob.id] * 4 + [ada.id] * 12)
        assert await process.complaints() == []
    assert api.metric("palimpsest_refusals_total") == before


async def test_what_indexeddb_kept_while_offline_is_stored_and_attributed(api: Api) -> None:
    ada, bob = api.somebody(), api.somebody()
    slug = api.make_article(ada, "Online. ")
    async with stock() as process:
        first = await opened(process, api, slug, bob)
        await first.store(name=slug)
        await first.untilText(text="Online. ")
        await first.disconnect()
        await first.append(text="Offline. ")
        await first.destroy()  # the page is closed
        second = await process.open("after a reload")
        await second.store(name=slug)
        assert await second.read() == "Online. Offline. "
        await second.append(text="Later.")
        url = f"ws{api.url.removeprefix('http')}/sync"
        await second.connect(version="3.1", url=url, room=slug, params={"token": bob.token})
        async with join(api.sync_url(slug, ada)) as replica:
            await replica.until_text("Online. Offline. Later.")
        assert api.authors(slug)[1] == [ada.id] * 8 + [bob.id] * 15
        assert await process.complaints() == []


async def test_a_provider_that_comes_back_brings_what_it_wrote_meanwhile(api: Api) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    async with stock() as process:
        client = await opened(process, api, slug, ada)
        await client.append(text="one ")
        await client.disconnect()
        await client.append(text="two ")
        await client.reconnect()
        async with join(api.sync_url(slug, None)) as reader:
            await reader.until_text("one two ")
        assert await process.complaints() == []


async def test_a_reader_without_a_token_is_told_once_that_reading_is_all(api: Api) -> None:
    ada = api.somebody()
    slug = api.make_article(ada, "Read me.")
    async with stock() as process:
        reader = await opened(process, api, slug, None)
        await reader.untilText(text="Read me.")
        for word in ("x", "y", "z"):
            await reader.append(text=word)
        await process.until_complaint("read-only")
        await reader.untilSynced()
        async with join(api.sync_url(slug, ada)) as replica:
            replica.append(" Go on.")
            await replica.until_stored()
            assert replica.text == "Read me. Go on."
        assert len(await process.complaints()) == 1
        assert (await reader.state())["closes"] == []


async def test_an_unknown_article_and_a_bad_token_are_refused_at_the_handshake(api: Api) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    async with stock() as process:
        lost = await opened(process, api, "no-such-article", ada)
        stranger = await process.open("stranger")
        url = f"ws{api.url.removeprefix('http')}/sync"
        await stranger.connect(version="3.1", url=url, room=slug, params={"token": "nonsense"})
        for client in (lost, stranger):
            await client.untilClosed(times=2)
            assert "connected" not in (await client.state())["statuses"]


class Channel:
    """What pycrdt's Provider asks for, over a websocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.path = "article"

    def __aiter__(self) -> "Channel":
        return self

    async def __anext__(self) -> bytes:
        return await self.recv()

    async def send(self, message: bytes) -> None:
        await self._socket.send(message)

    async def recv(self) -> bytes:
        message = await self._socket.recv()
        assert isinstance(message, bytes)
        return message


async def test_the_provider_of_pycrdt_writes_and_reads(api: Api) -> None:
    ada, bob = api.somebody(), api.somebody()
    slug = api.make_article(ada, "Start.")
    doc = Doc()
    content = doc.get("content", type=Text)
    seen = anyio.Event()
    content.observe(lambda _: seen.set() if str(content).endswith(" Seen.") else None)
    async with (
        connect(api.sync_url(slug, bob, attribution=False)) as socket,
        Provider(doc, Channel(socket)) as provider,
        join(api.sync_url(slug, ada)) as replica,
    ):
        with anyio.fail_after(20):
            await provider.synced.wait()
        assert str(content) == "Start."
        content += " Provided."
        await replica.until_text("Start. Provided.")
        replica.append(" Seen.")
        with anyio.fail_after(20):
            await seen.wait()
    assert str(content) == "Start. Provided. Seen."
    assert api.authors(slug)[1] == [ada.id] * 6 + [bob.id] * 10 + [ada.id] * 6
