"""Several people in real browsers write one article; each character's colour is its author's."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support import serving
from tests.support.chromium import chromium
from tests.support.desk import Desk, desk, len16
from tests.support.provided import provided
from tests.support.rest import Api, Person
from tests.support.stock import StockClient, stock

Written = Sequence[tuple[str, str]]  # stretches of text, each with its author


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def check(api: Api, slug: str, written: Written, *desks: Desk) -> None:
    """Every page, and the spans, have this text with these authors, and draw it so."""
    text = "".join(stretch for stretch, _ in written)
    authors = [author for stretch, author in written for _ in stretch]
    for each in desks:
        await each.until_text(text)
        assert await each.authors() == authors
        await check_colours(each, text, authors)
    assert api.authors(slug) == (text, authors)


async def check_colours(desk: Desk, text: str, authors: Sequence[str]) -> None:
    """Each character is drawn in its author's tint, and no two authors have the same."""
    drawn = await desk.drawn()
    units = [
        (character, author)
        for character, author in zip(text, authors, strict=True)
        for _ in range(len16(character))
    ]
    assert [each["author"] for each in drawn] == [author for _, author in units]
    seen = [each for each, (character, _) in zip(drawn, units, strict=True) if character != "\n"]
    assert [each["drawn"] for each in seen] == [each["tint"] for each in seen]
    tints = {each["author"]: each["tint"] for each in drawn}
    assert len(set(tints.values())) == len(set(authors))
    assert None not in tints.values()


async def connected(client: StockClient, api: Api, slug: str, person: Person) -> StockClient:
    address = f"ws{api.url.removeprefix('http')}/sync"
    await client.connect(version="3.1", url=address, room=slug, params={"token": person.token})
    await client.untilSynced()
    return client


async def test_two_pages_and_two_programs_converge(browser: Browser, api: Api) -> None:
    noor, pyotr = api.somebody("Noor"), api.somebody("Pyotr")
    slug = api.make_article(api.somebody())
    async with (
        desk(browser, api.url, slug, "Ada") as ada,
        desk(browser, api.url, slug, "Bob") as bob,
        stock() as node,
        provided(api.sync_url(slug, pyotr, attribution=False)) as pyotrs,
    ):
        client = await connected(await node.open("noor"), api, slug, noor)
        await asyncio.gather(
            ada.write("aaaa🅰aaaa aaa" * 3),
            bob.write("bbb🅱bbb bb" * 3),
            client.type(text="nnñn" * 5),
        )
        pyotrs.text.insert(0, "pp🄿p" * 5)
        length = 3 * (14 + 11) + 20 + 25
        await asyncio.gather(ada.until_length(length), bob.until_length(length))
        agreed = await ada.text()
        await client.untilText(text=agreed)
        await pyotrs.until_text(agreed)

        letters = {"a🅰": ada.person, "b🅱": bob.person, "nñ": noor, "p🄿": pyotr}
        wrote = {letter: person.id for known, person in letters.items() for letter in known}
        told, authors = api.authors(slug)
        assert told == agreed
        written = list(zip(told, authors, strict=True))
        assert all(wrote.get(letter, author) == author for letter, author in written)
        await check(api, slug, written, ada, bob)


async def test_pasted_text_is_of_who_pasted_it(browser: Browser, api: Api) -> None:
    slug = api.make_article(api.somebody())
    async with (
        desk(browser, api.url, slug, "Paula") as paula,
        desk(browser, api.url, slug, "Pavel") as pavel,
    ):
        await paula.write("one 👩‍🔬 two")
        await pavel.until_text("one 👩‍🔬 two")
        await pavel.place(0, len16("one 👩‍🔬"))
        await pavel.press("Control+c", "Control+End", "Control+v")
        mine, his = paula.person.id, pavel.person.id
        await check(api, slug, [("one 👩‍🔬 two", mine), ("one 👩‍🔬", his)], paula, pavel)


async def test_deleting_leaves_the_others_authors(browser: Browser, api: Api) -> None:
    slug = api.make_article(api.somebody())
    async with (
        desk(browser, api.url, slug, "Dora") as dora,
        desk(browser, api.url, slug, "Dirk") as dirk,
    ):
        await dora.write("left middle right")
        await dirk.until_text("left middle right")
        await dirk.write("INNER", at=len("left mid"))
        await dora.until_text("left midINNERdle right")
        await dora.place(len("left m"), len("left midIN"))
        await dora.press("Delete")
        hers, his = dora.person.id, dirk.person.id
        await check(api, slug, [("left m", hers), ("NER", his), ("dle right", hers)], dora, dirk)


async def test_undoing_a_deletion_gives_the_text_back_to_its_author(
    browser: Browser, api: Api
) -> None:
    slug = api.make_article(api.somebody())
    async with (
        desk(browser, api.url, slug, "Una") as una,
        desk(browser, api.url, slug, "Udo") as udo,
    ):
        await una.write("Una's 🦉 words")
        await udo.until_text("Una's 🦉 words")
        await udo.place(2, len16("Una's 🦉 w"))
        await udo.press("Backspace")
        await una.until_text("Unords")
        await udo.press("Control+z")
        await check(api, slug, [("Una's 🦉 words", una.person.id)], una, udo)


async def test_undo_takes_back_only_ones_own_typing(browser: Browser, api: Api) -> None:
    slug = api.make_article(api.somebody())
    async with (
        desk(browser, api.url, slug, "Uma") as uma,
        desk(browser, api.url, slug, "Uri") as uri,
    ):
        await uma.write("first")
        await uri.until_text("first")
        await uri.write(" and second")
        await uma.until_text("first and second")
        await uma.press("Control+z")
        await check(api, slug, [(" and second", uri.person.id)], uma, uri)


async def test_what_is_typed_offline_is_stored_as_its_authors(
    browser: Browser, tmp_path: Path
) -> None:
    server = serving.start(tmp_path / "data")
    api = Api(server.url)
    try:
        slug = api.make_article(api.somebody())
        async with (
            desk(browser, api.url, slug, "Olga") as olga,
            desk(browser, api.url, slug, "Omar") as omar,
        ):
            await olga.write("before ")
            await omar.until_text("before ")
            server.stop()
            await asyncio.gather(olga.until_state("offline"), omar.until_state("offline"))
            await olga.write("olga🦊")
            await omar.write("OMAR")
            await olga.place(0)
            await olga.press("Delete")
            await olga.until_state("offline · 7 changes kept here")
            await omar.until_state("offline · 4 changes kept here")
            server = serving.start(tmp_path / "data", port_of(server))
            await asyncio.gather(olga.until_length(16), omar.until_length(16))
            stretches = {"efore ": olga.person.id, "olga🦊": olga.person.id, "OMAR": omar.person.id}
            text = await olga.text()
            order = sorted(stretches, key=text.index)
            await check(api, slug, [(each, stretches[each]) for each in order], olga, omar)
    finally:
        api.close()
        server.stop()


async def test_offline_typing_survives_the_page(browser: Browser, tmp_path: Path) -> None:
    server = serving.start(tmp_path / "data")
    api = Api(server.url)
    try:
        reader = api.somebody("Rhea")
        slug = api.make_article(reader, "Rhea's. ")
        async with desk(browser, api.url, slug, "Rolf") as rolf:
            server.kill()
            await rolf.until_state("offline")
            await rolf.write("Rolf's 🐺")
            await rolf.until_state("offline · 9 changes kept here")
            await rolf.leave()
            server = serving.start(tmp_path / "data", port_of(server))
            await rolf.open()
            await check(api, slug, [("Rhea's. ", reader.id), ("Rolf's 🐺", rolf.person.id)], rolf)
    finally:
        api.close()
        server.stop()


async def test_a_visitor_sees_why_nothing_can_be_written(browser: Browser, api: Api) -> None:
    slug = api.make_article(api.somebody(), "Only to read")
    async with desk(browser, api.url, slug) as visitor:
        await visitor.until_state("read only · sign in to write")
        await visitor.page.get_by_text("Only to read").click()
        await visitor.press("x")
        assert await visitor.text() == "Only to read"


def port_of(server: serving.Server) -> int:
    return int(server.url.rsplit(":", 1)[1])
