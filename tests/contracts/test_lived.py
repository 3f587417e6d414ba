"""What a server keeps while people write is what a rebuild makes, on every backend (law 4)."""

import random
from typing import Any

from sqlalchemy import select

from persistence import models
from persistence.articles import Article
from persistence.store import MemoryStore, SqlStore, Store
from server.digest import Wish
from server.historian import Historian
from server.rebuild import rebuild
from server.reviser import Reviser
from tests.support.live import SETTINGS, Guest, House, house
from tests.support.replica import ROOT
from tests.support.stores import NOON

TRUTH = {"update_log", "revision_mark", "quarantine"}
QUIET = Wish("quiet")
NAMED = Wish("named", "A name", "and a note", "ada", NOON)


def derived(store: Store, article: Article) -> dict[str, Any]:
    """Every row of every table that follows from others."""
    if isinstance(store, MemoryStore):
        binder = store._shelf.binder(article.id)
        names = ("owners", "checkpoints", "digests", "frames", "contributions", "newest")
        return {name: getattr(binder, name) for name in names}
    assert isinstance(store, SqlStore)
    with store._engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))))
            for table in models.Base.metadata.sorted_tables
            if "article" in table.c and table.name not in TRUTH
        } | {"found by": [each.article.slug for each in store.texts.search("some")]}


def copied(rows: dict[str, Any]) -> dict[str, Any]:
    return {name: held.copy() if hasattr(held, "copy") else held for name, held in rows.items()}


async def _act(guest: Guest, lot: random.Random) -> None:
    await guest.read()
    before, size = guest.doc.get_state(), len(guest.text)
    if size > 20 and lot.random() < 0.3:
        at = lot.randrange(size - 8)
        del guest.content[at : at + lot.randint(1, 8)]
    else:
        guest.content.insert(lot.randint(0, size), lot.choice(["some ", "words ", "x"]))
    head = guest.room.head
    guest.submit(guest.doc.get_update(before))
    await guest.until(lambda: guest.room.head > head)


async def _lived(here: House, article: Article) -> None:
    """Two people write and leave; revisions, frames and a checkpoint are made along the way."""
    lot = random.Random(7)
    people = [await here.guest(article, here.ada), await here.guest(article, here.bob)]
    async with Historian(here.settings, here.telemetry, here.store, 60.0) as historian:
        reviser = Reviser(here.store, here.rooms, historian, here.telemetry, ROOT)
        for number in range(1, 161):
            await _act(lot.choice(people), lot)
            if number % 23 == 0:
                await reviser.make(article.id, QUIET)
            if number == 100:
                await reviser.make(article.id, NAMED, 30)
        await reviser.make(article.id, NAMED)


async def test_all_that_follows_comes_back_as_it_was(store: Store) -> None:
    async with house(store) as here:
        article = here.article()
        await _lived(here, article)
    before = copied(derived(store, article))
    assert all(before.values())
    assert len(store.revisions.list(article.id)) == 8
    store.wipe_derived(article.id)
    after_wipe = derived(store, article)
    assert not any(after_wipe.values())
    rebuild(store, article.id, ROOT, SETTINGS.checkpoint_every)
    after = derived(store, article)
    for table, rows in before.items():
        assert after[table] == rows, table


async def test_a_rebuild_of_what_is_whole_changes_nothing(store: Store) -> None:
    async with house(store) as here:
        article = here.article()
        await _lived(here, article)
    before = copied(derived(store, article))
    rebuild(store, article.id, ROOT, SETTINGS.checkpoint_every)
    assert derived(store, article) == before
