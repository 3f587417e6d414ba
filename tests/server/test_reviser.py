"""The reviser: revisions are made from log, checkpoint and memory, and doubts are told loudly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from pycrdt import ContentAttribute

from crdt.livearticle import LiveArticle
from crdt.stretches import stretches
from server.digest import Wish
from server.digestlive import Seen
from server.historian import Historian
from server.loading import load
from server.refusals import Busy, NotYet, ShuttingDown
from server.reviser import Made, Reviser
from server.room import Room
from tests.support.live import House, house
from tests.support.replica import ROOT

QUIET = Wish("quiet")
NAMED = Wish("named", "Draft", "", "ada", datetime(2026, 5, 1, tzinfo=UTC))


@asynccontextmanager
async def revised(here: House) -> AsyncIterator[Reviser]:
    async with Historian(here.settings, here.telemetry, here.store, 60.0) as historian:
        yield Reviser(here.store, here.rooms, historian, here.telemetry, ROOT)


def _counted(here: House, reason: str) -> float:
    value: float = here.telemetry.revisions.labels(reason)._value.get()
    return value


async def test_a_revision_has_what_is_in_the_room() -> None:
    async with house() as here, revised(here) as reviser:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("hello")
        made = await reviser.make(article.id, QUIET)
        assert made.seq == ada.room.head
        assert made.revision is not None
        assert made.revision.doubt is None
        assert here.store.revisions.text(article.id, 1) == "hello"
        assert _counted(here, "quiet") == 1


async def test_nothing_new_is_no_revision() -> None:
    async with house() as here, revised(here) as reviser:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("hello")
        await reviser.make(article.id, QUIET)
        assert (await reviser.make(article.id, QUIET)).revision is None
        assert _counted(here, "quiet") == 1


async def test_an_article_that_is_not_in_memory_is_revised_from_the_log() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("hello")
        store = here.store
    async with house(store) as here, revised(here) as reviser:
        made = await reviser.make(article.id, QUIET)
        assert made.revision is not None
        assert here.rooms.open_rooms() == {}


async def test_an_earlier_moment_can_be_named() -> None:
    async with house() as here, revised(here) as reviser:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("hello")
        await ada.stored(" there")
        first = await reviser.make(article.id, NAMED, 1)
        assert first.revision is not None
        assert first.revision.doubt is None
        assert here.store.revisions.text(article.id, 1) == "hello"
        with pytest.raises(NotYet):
            await reviser.make(article.id, NAMED, 3)


def _spoil(live: LiveArticle) -> None:
    """Have the ledger in memory name somebody else."""
    first = next(stretches(live.weave, live.ledger))
    where = (first.client, first.clock, first.length)
    live.ledger.inserts.remove(*where)
    said = {"insert": "bob", "insertAt": 0}
    live.ledger.inserts.insert(*where, [ContentAttribute(*each) for each in said.items()])


async def test_what_is_spoilt_in_memory_is_told_loudly() -> None:
    async with house() as here, revised(here) as reviser:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("hello")
        await ada.room.look(_spoil)
        made = await reviser.make(article.id, QUIET)
        assert made.revision is not None
        assert made.revision.doubt == "live"
        assert [span.author for span in here.store.revisions.spans(article.id, 1)] == ["ada"]
        assert here.telemetry.doubts._value.get() == 1


async def test_a_spoilt_checkpoint_is_told_loudly() -> None:
    async with house() as here, revised(here) as reviser:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("hello")
        await ada.stored(" there")
        before = load(here.store, article.id, ROOT, 0, 1).state()
        here.store.checkpoints.put(article.id, 2, before.pack(), before.attribution)
        made = await reviser.make(article.id, QUIET)
        assert made.revision is not None
        assert made.revision.doubt == "checkpoint"
        assert here.store.revisions.text(article.id, 1) == "hello there"
        assert here.telemetry.doubts._value.get() == 1


async def test_who_asks_when_too_many_do_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with house() as here, revised(here) as reviser:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("hello")
        monkeypatch.setattr("server.reviser.MOST_ASKING", 2)
        made = await asyncio.gather(
            *(reviser.make(article.id, NAMED) for _ in range(3)), return_exceptions=True
        )
        assert [type(each) for each in made] == [Made, Made, Busy]
        assert (await reviser.make(article.id, NAMED)).revision is not None


async def test_a_room_that_ends_meanwhile_leaves_log_and_checkpoint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ended(_room: Room) -> Seen:
        raise ShuttingDown("The article was not in use.")

    monkeypatch.setattr("server.reviser.see", ended)
    async with house() as here, revised(here) as reviser:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("hello")
        made = await reviser.make(article.id, QUIET)
        assert made.revision is not None
        assert made.revision.doubt is None
