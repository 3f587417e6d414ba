"""What is seen of a live article: in slices, at rest, and whole where nobody pauses."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from crdt.livearticle import LiveArticle
from crdt.state import State
from server import digestlive
from server.digestlive import Copy, see
from server.fingerprint import fingerprint
from server.loading import load
from server.refusals import ShuttingDown
from server.room import Room
from tests.support.live import Guest, House, house
from tests.support.replica import ROOT


def _fingerprint(live: LiveArticle) -> bytes:
    return fingerprint(live.text(), live.spans())


async def _written(here: House) -> tuple[Guest, Guest]:
    """An article in many short stretches of two people."""
    article, lot = here.article(), random.Random(1)
    ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
    for number in range(60):
        guest = (ada, bob)[number % 2]
        await guest.read()
        guest.submit(guest.make(f"{number} 😀 ", at=0 if lot.random() < 0.5 else None))
        await guest.until(lambda guest=guest: not guest.pending() or True)
    await ada.stored("!")
    return ada, bob


async def test_what_is_seen_is_the_text_and_who_wrote_it() -> None:
    async with house() as here:
        ada, _ = await _written(here)
        seen = await see(ada.room)
        assert seen.seq == ada.room.head
        assert seen.told == await ada.room.look(_fingerprint)


async def test_an_article_that_is_not_prepared_is_prepared_in_slices() -> None:
    async with house() as here:
        ada, _ = await _written(here)
        article = ada.room.article
        await here.rooms._close_all()
        here.rooms._register.places.clear()
        async with here.rooms.open(here._articles[0]) as room:
            assert room.article == article
            assert (await see(room)).told == await room.look(_fingerprint)


class Between:
    """Stands between the slices of a walk, which are short: counts them, and lets things happen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.slices = 0
        self.every = 10
        self.happens: Callable[[], Awaitable[None]] | None = None
        monkeypatch.setattr(digestlive, "SLICE_SECONDS", 0.0)
        monkeypatch.setattr(digestlive, "PIECES", 1)

    async def pause(self) -> None:
        self.slices += 1
        await asyncio.sleep(0)
        if self.happens and self.slices % self.every == 0:
            await self.happens()


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    return Between(monkeypatch)


async def test_a_walk_is_cut_into_slices(between: Between) -> None:
    async with house() as here:
        ada, _ = await _written(here)
        seen = await see(ada.room, between.pause)
        assert between.slices > 20
        assert seen.told == await ada.room.look(_fingerprint)


async def test_after_an_edit_in_between_the_walk_begins_anew(between: Between) -> None:
    async with house() as here:
        ada, _ = await _written(here)

        async def once() -> None:
            between.happens = None
            await ada.stored("late")

        between.happens = once
        seen = await see(ada.room, between.pause)
        assert between.happens is None
        assert isinstance(seen.told, bytes)
        assert seen.seq == ada.room.head
        assert seen.told == await ada.room.look(_fingerprint)


async def test_where_nobody_pauses_a_copy_is_taken(between: Between) -> None:
    async with house() as here:
        ada, _ = await _written(here)

        async def always() -> None:
            await ada.stored("more ")

        between.happens = always
        seen = await see(ada.room, between.pause)
        assert isinstance(seen.told, Copy)
        copied = LiveArticle(ROOT, {}, 0, State(seen.seq, seen.told.document, seen.told.ledger))
        then = load(here.store, ada.room.article, ROOT, 0, seen.seq)
        assert _fingerprint(copied) == _fingerprint(then)


async def test_what_is_written_while_a_copy_is_taken_does_no_harm(between: Between) -> None:
    async with house() as here:
        ada, _ = await _written(here)

        async def always() -> None:
            await ada.stored("more ")

        between.every, between.happens = 1, always
        seen = await see(ada.room, between.pause)
        assert isinstance(seen.told, Copy)
        assert seen.seq < ada.room.head
        copied = LiveArticle(ROOT, {}, 0, State(seen.seq, seen.told.document, seen.told.ledger))
        then = load(here.store, ada.room.article, ROOT, 0, seen.seq)
        assert _fingerprint(copied) == _fingerprint(then)


async def test_a_room_that_ends_says_so() -> None:
    async with house() as here:
        ada, _ = await _written(here)
        room: Room = ada.room
    with pytest.raises(ShuttingDown):
        await see(room)
