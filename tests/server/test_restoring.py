"""Restoring: through the room's queue, while others type, with every author kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from persistence.articles import Article
from persistence.revisions import Digest, Mark
from server.historian import Historian
from server.refusals import NothingToRestore
from server.restoring import Restorer, Revision, Wish
from tests.support import stores
from tests.support.live import House, SlowStore, house


class Hall:
    """A house with a restorer, in which seqs can be marked as revisions."""

    def __init__(self, here: House, restorer: Restorer) -> None:
        self.here = here
        self.restorer = restorer
        self.article: Article = here.article()

    def mark(self, seq: int) -> Wish:
        digest = Digest("", (), (), b"\x00")
        mark = Mark(seq, stores.NOON, "named", made_by="ada")
        return Revision(self.here.store.revisions.add(self.article.id, mark, digest).number)

    async def authors(self) -> list[tuple[str, str]]:
        now = await self.here.rooms.snapshot(self.article)
        return [(now.text[s.start : s.start + s.length], s.author) for s in now.spans]


@asynccontextmanager
async def hall(**settings: Any) -> AsyncIterator[Hall]:
    store = SlowStore()
    async with (
        house(store, **settings) as here,
        Historian(here.settings, here.telemetry, store, 60.0) as historian,
    ):
        yield Hall(here, Restorer(here.rooms, historian, here.settings))


async def test_a_revision_comes_back_with_its_authors_and_everybody_is_shown() -> None:
    async with hall() as at:
        ada = await at.here.guest(at.article, at.here.ada)
        bob = await at.here.guest(at.article, at.here.bob, attribution=True)
        await ada.stored("hello world")
        wish = at.mark(1)
        await bob.until(lambda: bob.text == "hello world")
        bob.submit(bob.edit(lambda content: content.clear()))
        bob.type("bob")
        await bob.until(lambda: bob.room.head == 2)
        seq = await at.restorer.restore(at.article, at.here.cyd, wish)
        assert (seq, await at.authors()) == (3, [("hello world", "ada")])
        await bob.until(lambda: bob.text == "hello world")
        assert set(bob.ledger.inserted.values()) == {"ada", "bob"}
        with pytest.raises(NothingToRestore):
            await at.restorer.restore(at.article, at.here.cyd, wish)
