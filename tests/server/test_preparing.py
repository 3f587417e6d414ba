"""Nobody waits for a restored article's weave but those who need it."""

import asyncio

import pytest

from crdt import document
from crdt.document import BrokenDocument, Document
from crdt.livearticle import LiveArticle
from server import preparing
from server.arrival import Arrival
from server.loading import keep_checkpoint, load
from server.preparing import Preparation
from server.refusals import ShuttingDown
from tests.support.live import SETTINGS, Guest, SlowStore, house, until
from tests.support.people import ROOT, history

ROWS = 3


def restored() -> LiveArticle:
    live = history(1).live
    return LiveArticle(ROOT, live.ownership.owners(), 100, live.state())


def nothing() -> None:
    """Nobody waits for it."""


async def test_an_article_is_prepared_once_whoever_asks() -> None:
    live, done = restored(), list[int]()
    preparation = Preparation(live, nothing, lambda: done.append(1))
    preparation.begin()
    preparation.begin()
    assert not live.ready
    await until(lambda: live.ready)
    preparation.begin()
    await asyncio.sleep(0)
    assert done == [1]


async def test_a_preparation_that_is_stopped_touches_nothing_more() -> None:
    live, done = restored(), list[int]()
    preparation = Preparation(live, nothing, lambda: done.append(1))
    preparation.begin()
    await asyncio.sleep(0)
    preparation.stop()
    live.close()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not live.ready
    assert done == []


async def _kept() -> SlowStore:
    """A store with a checkpoint of an article of a few rows."""
    store = SlowStore()
    async with house(store) as here:
        ada = await here.guest(here.article(), here.ada)
        for number in range(ROWS):
            await ada.stored(f"{number} ")
        keep_checkpoint(store, ada.room.article, SETTINGS.root_name)
    return store


@pytest.fixture
def every_document_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LONG", 0)


@pytest.mark.usefixtures("every_document_long")
async def test_a_newcomer_has_a_long_article_before_it_is_read_and_is_asked_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preparing, "SOON_SECONDS", 0.01)
    async with house(await _kept()) as here:
        room = await here.room(here.store.articles.get("article-0"))
        bob = Guest(here, room, here.bob, ask=True)
        bob.join()
        await bob.read()
        assert bob.text == "0 1 2 "
        assert bob.asked == []
        assert not room._live.document.opened
        await bob.until(lambda: bob.asked)
        assert bob.asked == [bob.doc.get_state()]


@pytest.mark.usefixtures("every_document_long")
async def test_who_has_something_of_a_long_article_gets_the_rest_once_it_is_read() -> None:
    async with house(await _kept()) as here:
        room = await here.room(here.store.articles.get("article-0"))
        bob = Guest(here, room, here.bob)
        bob.make("mine")
        bob.join()
        assert await bob.read() == []
        await bob.until(lambda: bob.member.joined)
        await bob.until(lambda: "0 1 2 " in bob.text)


@pytest.mark.usefixtures("every_document_long")
async def test_who_only_reads_a_long_article_sees_what_is_written_elsewhere() -> None:
    store = await _kept()
    async with house(store) as here:
        article = store.articles.get("article-0")
        reader, ada = await here.guest(article, None), await here.guest(article, here.ada)
        assert not reader.room._live.document.opened
        elsewhere = load(store, article.id, SETTINGS.root_name, most_claims=0)
        edit = elsewhere.admit(ada.make("3"), "ada", 0, ada._rules)
        assert edit is not None
        reader.room.follow([Arrival(ROWS + 1, 0, edit)])
        await reader.until(lambda: reader.text == "0 1 2 3")


@pytest.mark.usefixtures("every_document_long")
async def test_a_room_whose_document_cannot_be_read_is_dropped_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: Document) -> None:
        raise BrokenDocument

    async with house(await _kept()) as here:
        bob = await here.guest(here.store.articles.get("article-0"), here.bob)
        monkeypatch.setattr(Document, "open", fail)
        bob.type("lost")
        await until(lambda: bob.closed)


async def test_readers_join_an_article_that_is_not_prepared_and_writers_have_it_prepared() -> None:
    store = await _kept()
    async with house(store) as here:
        article = store.articles.get("article-0")
        bob = await here.guest(article, here.bob)
        assert bob.text == "0 1 2 "
        assert not bob.room._live.ready
        await bob.stored("and Bob")
        assert bob.room._live.ready
        snapshot = await here.rooms.snapshot(article)
        assert snapshot.text == "0 1 2 and Bob"


async def test_a_preparation_that_has_time_begins_a_little_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preparing, "SOON_SECONDS", 0.01)
    live, done = restored(), list[int]()
    preparation = Preparation(live, nothing, lambda: done.append(1))
    preparation.soon()
    await asyncio.sleep(0)
    assert not preparation._under_way
    await until(lambda: live.ready)
    assert done == [1]


async def test_nothing_is_prepared_of_a_room_that_ended_before() -> None:
    live = restored()
    preparation = Preparation(live, nothing, nothing)
    preparation.soon()
    preparation.soon()
    timer = preparation._later
    preparation.stop()
    live.close()
    assert timer is not None
    assert timer.cancelled()


async def test_nothing_is_prepared_for_somebody_who_enters_a_room_that_has_ended() -> None:
    """Its article is closed: preparing that would never come to an end."""
    store = await _kept()
    async with house(store) as here:
        room = await here.room(store.articles.get("article-0"))
        here.rooms.drop(room, ShuttingDown("over"))
        bob = Guest(here, room, here.bob)
        room.enter(bob.member, here.bob, ask=True)
        assert bob.closed is not None
        assert room._preparation._later is None


async def test_a_snapshot_waits_until_the_spans_can_be_told() -> None:
    store = await _kept()
    async with house(store) as here:
        snapshot = await here.rooms.snapshot(store.articles.get("article-0"))
        assert [span.author for span in snapshot.spans] == ["ada"]


async def test_a_room_that_ends_while_it_is_prepared_ends_quietly() -> None:
    store = await _kept()
    async with house(store) as here:
        bob = await here.guest(store.articles.get("article-0"), here.bob)
        bob.type("lost")
        here.rooms.drop(bob.room, ShuttingDown("now"))
        await asyncio.sleep(0)
        assert store.log.heads([1]) == {1: ROWS}
