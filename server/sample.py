"""The sample article: a gene review that a new server starts with."""

from contextlib import suppress
from datetime import UTC, datetime
from importlib.resources import files

from anyio import to_thread

from persistence.articles import Article
from persistence.authors import Author
from persistence.errors import SlugTaken, UnknownArticle, UnknownAuthor
from persistence.store import Store
from server.names import handle
from server.newcomers import Newcomers
from server.rooms import Rooms

SLUG = "bach2"
TITLE = "Bach2: BTB and CNC homology 2"
IMPORTER = "Importer"


async def plant_sample(store: Store, rooms: Rooms, newcomers: Newcomers) -> None:
    """Create the sample as the bot Importer's writing, when the store has no article yet.

    A sample that a crash left empty is filled.
    """
    planted = await to_thread.run_sync(_make, store, newcomers)
    if planted is not None:
        await rooms.write(*planted, sample_text())


def sample_text() -> str:
    """Return the sample's Markdown."""
    return files("server").joinpath("samples", f"{SLUG}.md").read_text("utf-8")


def _make(store: Store, newcomers: Newcomers) -> tuple[Article, Author] | None:
    author = _importer(store, newcomers)
    if not store.articles.list(1):
        with suppress(SlugTaken):  # another process was first
            store.articles.create(SLUG, TITLE, author.id, at=datetime.now(UTC))
    try:
        article = store.articles.get(SLUG)
    except UnknownArticle:
        return None
    return (article, author) if article.created_by == author.id and article.head == 0 else None


def _importer(store: Store, newcomers: Newcomers) -> Author:
    try:
        return store.authors.by_handle(handle(IMPORTER))
    except UnknownAuthor:
        return newcomers.make(IMPORTER, kind="bot")
