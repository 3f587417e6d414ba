from typing import Any

import pytest

from persistence.store import MemoryStore
from server.loading import keep_checkpoint, load
from server.newcomers import Newcomers
from server.rebuild import rebuild
from server.rooms import Rooms
from server.settings import Settings
from server.telemetry import Telemetry

ROOT = "content"


@pytest.fixture
async def article(store: MemoryStore, newcomers: Newcomers, settings: Settings) -> int:
    """An article by two authors, with checkpoints and a revision along its way."""
    authors = [newcomers.make("Ada"), newcomers.make("Bob")]
    made = store.articles.create("x", "x", authors[0].id, at=authors[0].created)
    async with Rooms(store, settings, Telemetry()) as rooms:
        for number in range(6):
            await rooms.write(made, authors[number % 2], f"line {number} \U0001f98a\n")
            if number in {1, 3}:
                keep_checkpoint(store, made.id, ROOT)
            if number == 2:
                _revise(store, made.id, authors[0].id)
    return made.id


def _revise(store: MemoryStore, article: int, author: str) -> None:
    live = load(store, article, ROOT, 0)
    at = store.authors.get(author).created
    store.revisions.add(article, live.head, at, "first", author, live.text(), live.spans())
    live.close()


def _derived(store: MemoryStore, article: int) -> dict[str, Any]:
    """All that follows from the log."""
    return {
        "owners": store.log.owners(article),
        "checkpoints": [store.checkpoints.latest(article, seq) for seq in range(1, 7)],
        "revisions": [
            (revision, store.revisions.text(article, 1), store.revisions.spans(article, 1))
            for revision in store.revisions.list(article)
        ],
    }


async def test_a_rebuild_changes_nothing(store: MemoryStore, article: int) -> None:
    before = _derived(store, article)
    rebuild(store, article, ROOT)
    assert _derived(store, article) == before


async def test_a_rebuild_mends_what_was_spoilt(store: MemoryStore, article: int) -> None:
    before = _derived(store, article)
    store.replace_owners(article, {7: store.articles.get("x").created_by})
    store.checkpoints.put(article, 2, b"nonsense", b"nonsense")
    store.revisions.replace_text(article, 1, "nonsense", [])
    rebuild(store, article, ROOT)
    assert _derived(store, article) == before


async def test_a_rebuild_brings_back_the_owners(store: MemoryStore, article: int) -> None:
    before = store.log.owners(article)
    store.wipe_derived(article)
    assert not store.log.owners(article)
    rebuild(store, article, ROOT)
    assert store.log.owners(article) == before


async def test_an_empty_article_can_be_rebuilt(store: MemoryStore, newcomers: Newcomers) -> None:
    ada = newcomers.make("Ada")
    empty = store.articles.create("y", "y", ada.id, at=ada.created)
    rebuild(store, empty.id, ROOT)
    assert not store.log.owners(empty.id)
