"""Stores for tests: fresh and empty, in memory, on SQLite and on a real PostgreSQL."""

import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, event

from persistence import schema
from persistence.articles import Article
from persistence.authors import Author
from persistence.log import Append, Row
from persistence.store import MemoryStore, SqlStore, Store, open_store
from tests.support.postgres import Postgres

NAMES = ("memory", "sqlite", "postgresql")
NOON = datetime(2026, 3, 14, 12, 0, 0, 123456, tzinfo=UTC)


@dataclass
class Backend:
    """One way to keep the promises; `new_url` makes an empty database, migrated."""

    name: str
    new_url: Callable[[], str]

    @contextmanager
    def fresh(self) -> Iterator[Store]:
        store = MemoryStore() if self.name == "memory" else open_store(self.new_url())
        try:
            yield store
        finally:
            store.close()


def memory() -> Backend:
    def no_url() -> str:
        raise AssertionError("a store in memory has no address")

    return Backend("memory", no_url)


def sqlite(folder: Path) -> Backend:
    """Databases in a folder: copies of one that is migrated once."""
    empty = folder / "empty.db"
    schema.migrate(f"sqlite:///{empty}")
    numbers = itertools.count()

    def new_url() -> str:
        path = folder / f"{next(numbers)}.db"
        shutil.copy(empty, path)
        return f"sqlite:///{path}"

    return Backend("sqlite", new_url)


def postgresql(server: Postgres) -> Backend:
    """Databases of a server: copies of one that is migrated once."""
    empty = server.new_database()
    schema.migrate(server.url(empty))
    return Backend("postgresql", lambda: server.url(server.new_database(template=empty)))


def after(**since: float) -> datetime:
    """Give a moment after the noon on which every story of the tests begins."""
    return NOON + timedelta(**since)


def known(store: Store, *names: str) -> tuple[Author, ...]:
    """Store an author for each name, whose id and handle are the name too."""
    return tuple(
        store.authors.create(Author(name, name, name.title(), "#336699", NOON)) for name in names
    )


def begun(store: Store, slug: str = "bach2", author: str = "ada") -> Article:
    """Store an empty article, and its author if that is somebody new."""
    if author not in store.authors.many([author]):
        known(store, author)
    return store.articles.create(slug, slug.title(), author, at=NOON)


def wrote(
    store: Store, article: Article, *payloads: bytes, author: str = "ada", at: datetime = NOON
) -> None:
    """Append one author's updates to an article, wherever its head is now."""
    head = store.log.heads([article.id])[article.id]
    rows = tuple(Row(author, payload) for payload in payloads)
    store.log.append([Append(article.id, head, rows)], at)


class Disk:
    """The disk under an SQLite database: while it is `full`, no file grows by a page."""

    def __init__(self, store: Store) -> None:
        assert isinstance(store, SqlStore)
        self.full = False
        event.listen(store._engine, "begin", self._limit)
        shortcut = store._database.shortcut
        assert shortcut is not None
        self._shortcut, self._append = shortcut, shortcut.append
        shortcut.append = self._append_within  # type: ignore[method-assign]

    def _append_within(self, ordered: Sequence[Append], at: datetime) -> None:
        """SQLite keeps the number by connection; it never goes below what is there already."""
        cursor = self._shortcut._cursor or self._shortcut._open()
        cursor.execute(self._most_pages)
        self._append(ordered, at)

    def _limit(self, connection: Connection) -> None:
        connection.exec_driver_sql(self._most_pages)

    @property
    def _most_pages(self) -> str:
        return f"PRAGMA max_page_count = {1 if self.full else 2**31}"
