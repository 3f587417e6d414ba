"""Revising: revisions are made of themselves when it is time; the time is a test's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from persistence.articles import Article
from persistence.errors import LogUnavailable
from persistence.revisions import Revision
from persistence.store import Store
from server import revising
from server.historian import Historian
from server.reviser import Reviser
from server.revising import Revising
from tests.support.live import House, house, until
from tests.support.replica import ROOT


@dataclass
class Watched:
    """A house whose revisions are made of themselves, at a time that a test sets."""

    here: House
    reviser: Reviser
    now: float = 0.0
    revising: Revising = field(init=False)

    def made(self, article: Article) -> list[tuple[str, int]]:
        """Reason and seq of each revision, the first one first."""
        found: list[Revision] = [*self.here.store.revisions.list(article.id)]
        return [(each.reason, each.seq) for each in reversed(found)]

    async def at(self, now: float) -> None:
        """Look at the rooms at this time, and have made what is due."""
        self.now = now
        await self.revising.look()
        await self.revising.settle()


@asynccontextmanager
async def watched(store: Store | None = None, **settings: Any) -> AsyncIterator[Watched]:
    async with (
        house(store, **settings) as here,
        Historian(here.settings, here.telemetry, here.store, 60.0) as historian,
    ):
        reviser = Reviser(here.store, here.rooms, historian, here.telemetry, ROOT)
        seen = Watched(here, reviser)
        seen.revising = Revising(
            here.rooms, reviser, here.settings, here.telemetry, lambda: seen.now
        )
        async with seen.revising:
            yield seen


@pytest.fixture(autouse=True)
def _only_when_a_test_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revising, "LOOK_SECONDS", 3600.0)
    monkeypatch.setattr(revising, "START_SECONDS", 0.0)


async def test_a_quiet_minute_makes_a_revision() -> None:
    async with watched() as seen:
        article = seen.here.article()
        ada = await seen.here.guest(article, seen.here.ada)
        await seen.at(0.0)
        await ada.stored("hello")
        await seen.at(10.0)
        await seen.at(69.0)
        assert seen.made(article) == []
        await seen.at(70.0)
        assert seen.made(article) == [("quiet", 1)]
        await seen.at(10_000.0)
        assert seen.made(article) == [("quiet", 1)]


async def test_work_without_a_pause_makes_one_after_ten_minutes() -> None:
    async with watched() as seen:
        article = seen.here.article()
        ada = await seen.here.guest(article, seen.here.ada)
        for minute in range(12):
            await ada.stored("word ")
            await seen.at(60.0 * minute - 1.0 * minute)
        assert seen.made(article) == [("work", 12)]


async def test_the_last_writer_leaving_makes_one() -> None:
    async with watched() as seen:
        article = seen.here.article()
        ada = await seen.here.guest(article, seen.here.ada)
        bob = await seen.here.guest(article, seen.here.bob)
        await seen.here.guest(article, None)
        await ada.stored("hello")
        await seen.at(0.0)
        ada.leave()
        await seen.at(20.0)
        assert seen.made(article) == []
        bob.leave()
        await seen.at(30.0)
        await seen.at(35.0)
        assert seen.made(article) == [("left", 1)]


async def test_an_article_that_leaves_memory_is_revised_at_once() -> None:
    async with watched(idle_rooms=1, idle_room_seconds=0.001) as seen:
        article = seen.here.article()
        ada = await seen.here.guest(article, seen.here.ada)
        await ada.stored("hello")
        await seen.at(0.0)
        ada.leave()
        await until(lambda: not seen.here.rooms.open_rooms())
        await seen.at(1.0)
        assert seen.made(article) == [("left", 1)]


async def test_what_changed_nothing_makes_none() -> None:
    async with watched() as seen:
        article = seen.here.article()
        ada = await seen.here.guest(article, seen.here.ada)
        await ada.stored("hello")
        await seen.at(0.0)
        await seen.at(60.0)
        await ada.stored("x")
        before = ada.doc.get_state()
        del ada.content[5:6]
        ada.submit(ada.doc.get_update(before))
        await until(lambda: ada.room.head == 3)
        await seen.at(61.0)
        await seen.at(121.0)
        assert seen.made(article) == [("quiet", 1)]
        assert not seen.revising._occasions[article.id].pending


async def test_what_the_last_server_did_not_come_to_is_made_up_for() -> None:
    async with house() as here:
        first, second = here.article(), here.article()
        for article in (first, second):
            ada = await here.guest(article, here.ada)
            await ada.stored("hello")
        empty, store = here.article(), here.store
    async with watched(store) as seen:
        await until(lambda: seen.made(first) and seen.made(second))
        assert seen.made(first) == seen.made(second) == [("left", 1)]
        assert seen.made(empty) == []


async def test_what_is_not_wanted_is_not_made() -> None:
    async with watched(automatic_revisions=False) as seen:
        article = seen.here.article()
        ada = await seen.here.guest(article, seen.here.ada)
        await ada.stored("hello")
        assert seen.made(article) == []
        seen.now = 10_000.0
        assert seen.revising._due.empty()


async def test_trouble_is_told_and_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched() as seen:
        article = seen.here.article()
        ada = await seen.here.guest(article, seen.here.ada)
        await ada.stored("hello")
        await seen.at(0.0)
        with monkeypatch.context() as patched:
            patched.setattr(seen.reviser, "_heads", _unavailable)
            await seen.at(60.0)
            assert seen.made(article) == []
        await seen.at(61.0)
        assert seen.made(article) == []
        await seen.at(120.0)
        assert seen.made(article) == [("quiet", 1)]


async def test_our_own_mistake_in_one_article_is_not_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with watched() as seen:
        first, second = seen.here.article(), seen.here.article()
        for article in (first, second):
            ada = await seen.here.guest(article, seen.here.ada)
            await ada.stored("hello")
        heads = seen.reviser._heads

        def fails(article: int) -> tuple[int, int]:
            if article == first.id:
                raise ZeroDivisionError
            return heads(article)

        await seen.at(0.0)
        monkeypatch.setattr(seen.reviser, "_heads", fails)
        await seen.at(60.0)
        assert seen.made(first) == []
        assert seen.made(second) == [("quiet", 1)]
        assert seen.here.telemetry._faults._value.get() == 1


def _unavailable(_article: int) -> tuple[int, int]:
    raise LogUnavailable


async def test_a_start_in_trouble_is_told_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_reviser: Reviser) -> list[int]:
        raise LogUnavailable

    monkeypatch.setattr(Reviser, "behind", fails)
    async with watched() as seen:
        await until(seen.here.telemetry._faults._value.get)
        article = seen.here.article()
        ada = await seen.here.guest(article, seen.here.ada)
        await ada.stored("hello")
        await seen.at(0.0)
        await seen.at(60.0)
        assert seen.made(article) == [("quiet", 1)]
