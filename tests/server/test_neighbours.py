"""What processes tell each other of who is in an article."""

import threading
from typing import Any

import pytest

from crdt.messages import Entry
from persistence.articles import Article
from persistence.log import Theirs
from server import neighbours
from server.news import Stored, decode_news
from tests.support.instead import instead
from tests.support.live import PATIENCE, Guest, House, bus_of, town, until


def _show(guest: Guest, clock: int = 1, client: int | None = None) -> None:
    client = guest.doc.client_id if client is None else client
    guest.room.audience.present(guest.member, [Entry(client, clock, '{"cursor": 1}')])


async def _both(here: House, there: House) -> tuple[Article, Guest, Guest]:
    article = here.article()
    ada, bob = await here.guest(article, here.ada), await there.guest(article, there.bob)
    return article, ada, bob


def _sees(guest: Guest, other: Guest) -> bool:
    state: Any = guest.presences.get(other.doc.client_id)
    return bool(state) and state["user"]["id"] == other.member.author


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is told a hundred times as often."""
    monkeypatch.setattr(neighbours, "TELL_SECONDS", 0.03)
    monkeypatch.setattr(neighbours, "SILENT_SECONDS", 0.08)


async def test_everybody_in_an_article_sees_everybody_in_whichever_process() -> None:
    async with town() as (here, there):
        _, ada, bob = await _both(here, there)
        _show(ada)
        _show(bob)
        await ada.until(lambda: _sees(ada, bob))
        await bob.until(lambda: _sees(bob, ada))


async def test_other_processes_are_told_before_an_edit_is_shown_here() -> None:
    async with town() as (here, there):
        _, ada, bob = await _both(here, there)
        ada.type("old ")  # so that her name is known there, and the document open
        await bob.until(lambda: bob.text == "old ")
        shown: list[str] = []
        for guest, where in ((ada, "here"), (bob, "there")):
            really = guest.room.audience.show

            def show(*what: Any, where: str = where, really: Any = really) -> None:
                shown.append(where)
                really(*what)

            instead(guest.room.audience, "show", show)
        ada.type("news")
        await bob.until(lambda: "news" in bob.text)
        await until(lambda: len(shown) == 2)
        assert shown == ["there", "here"]


async def test_who_leaves_is_gone_in_every_process() -> None:
    async with town() as (here, there):
        _, ada, bob = await _both(here, there)
        _show(ada)
        await bob.until(lambda: _sees(bob, ada))
        ada.leave()
        await bob.until(lambda: bob.presences[ada.doc.client_id] is None)


async def test_a_process_that_opens_an_article_asks_who_is_there() -> None:
    async with town() as (here, there):
        article = here.article()
        ada = await here.guest(article, here.ada)
        _show(ada)
        bob = await there.guest(article, there.bob)
        await bob.until(lambda: _sees(bob, ada))


async def test_a_client_id_that_is_shown_in_one_process_is_taken_in_the_other() -> None:
    async with town() as (here, there):
        _, ada, bob = await _both(here, there)
        _show(ada)
        await bob.until(lambda: _sees(bob, ada))
        _show(bob, 9, ada.doc.client_id)
        bob.submit(ada.make("forged"))
        await bob.until(lambda: bob.refusals)
        assert bob.refusals[0].startswith("foreign-client-id")


async def test_a_commit_that_is_slow_to_answer_is_told_under_its_own_seq(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What others stored behind it waits for it, and is in the room before it is told."""
    async with town() as (here, there):
        article, ada, bob = await _both(here, there)
        await bob.stored("Bob ")
        await ada.until(lambda: ada.text == "Bob ")
        answers, told, append = threading.Event(), list[bytes](), here.store.log.append

        def slow(*batch: Any) -> Theirs:
            theirs = append(*batch)
            assert answers.wait(PATIENCE)
            return theirs

        monkeypatch.setattr(here.store.log, "append", slow)
        monkeypatch.setattr(bus_of(here), "publish", lambda _, message: told.append(message))
        ada.type("first ")
        await until(lambda: here.store.log.heads([article.id]) == {article.id: 2})
        await bob.stored("second")
        await until(lambda: ada.room._following)
        answers.set()
        await ada.until(lambda: "second" in ada.text)
        stored = [news for news in map(decode_news, told) if isinstance(news, Stored)]
        assert [arrival.seq for news in stored for arrival in news.arrivals] == [2]


@pytest.mark.usefixtures("quick")
async def test_presence_that_was_not_heard_of_is_told_again() -> None:
    async with town() as (here, there):
        _, ada, bob = await _both(here, there)
        bus_of(here).deaf = True
        _show(ada)
        await ada.until(lambda: _sees(ada, ada))
        bus_of(here).deaf = False
        await bob.until(lambda: _sees(bob, ada))


@pytest.mark.usefixtures("quick")
async def test_the_people_of_a_silent_process_are_gone_and_come_back_with_it() -> None:
    async with town() as (here, there):
        _, ada, bob = await _both(here, there)
        _show(ada)
        await bob.until(lambda: _sees(bob, ada))
        bus_of(here).deaf = True
        await bob.until(lambda: bob.presences[ada.doc.client_id] is None)
        bus_of(here).deaf = False
        await bob.until(lambda: _sees(bob, ada))


@pytest.mark.usefixtures("quick")
async def test_who_stays_where_others_are_silent_stays_visible() -> None:
    async with town() as (here, there):
        _, ada, bob = await _both(here, there)
        _show(ada)
        _show(bob)
        bus_of(there).deaf = True
        await ada.until(lambda: _sees(ada, ada))
        await bob.until(lambda: _sees(bob, ada))
        assert ada.presences[ada.doc.client_id]


async def test_news_that_cannot_be_read_have_the_log_read_and_harm_nothing() -> None:
    async with town() as (here, there):
        article, ada, bob = await _both(here, there)
        bus_of(here).deaf = True
        await ada.stored("words")
        bus_of(here).deaf = False
        bus_of(here).publish(article.id, b"\xff of another version")
        await bob.until(lambda: bob.text == "words")
        assert there.telemetry._faults._value.get() == 1


async def test_what_is_stored_while_an_article_is_being_loaded_is_not_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with town() as (here, there):
        article = here.article()
        ada = await here.guest(article, here.ada)
        read = there.rooms._opener.live

        async def reads_slowly(number: int) -> Any:
            live = await read(number)
            await ada.stored("meanwhile")
            await until(lambda: article.id in there.rooms._neighbours._early)
            return live

        monkeypatch.setattr(there.rooms._opener, "live", reads_slowly)
        bob = await there.guest(article, there.bob)
        await bob.until(lambda: bob.text == "meanwhile")


async def test_the_last_writer_has_not_left_while_there_is_one_elsewhere() -> None:
    async with town() as (here, there):
        _, ada, bob = await _both(here, there)
        _show(bob)
        await ada.until(lambda: _sees(ada, bob))
        ada.leave()
        assert ada.room.audience.writers
        bob.leave()
        await until(lambda: not ada.room.audience.writers)
