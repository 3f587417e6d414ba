"""persistence/sql/log.py: pages, and what a writer is told when the database is in trouble."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import event, text

from persistence import schema
from persistence.log import Append, LogUnavailable, Row
from persistence.sql import SqlStore
from persistence.sql import log as module
from tests.support import stores
from tests.support.stores import NOON, begun, wrote


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    store = SqlStore(schema.engine(stores.sqlite(tmp_path).new_url()))
    yield store
    store.close()


def pages_read(store: SqlStore, article: int) -> list[int]:
    """Read a log whole; give how many rows each query for rows brought."""
    counts: list[int] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "update_log.payload" in statement and "length" not in statement:
            counts.append(0)

    event.listen(store._engine, "before_cursor_execute", count)
    for _ in store.log.read(article):
        counts[-1] += 1
    return counts


def test_a_page_holds_so_many_rows(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_ROWS", 4)
    article = begun(store)
    wrote(store, article, *(b"x" for _ in range(10)))
    assert pages_read(store, article.id) == [4, 4, 2]


def test_a_page_holds_so_many_bytes(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_BYTES", 100)
    article = begun(store)
    wrote(store, article, *(bytes(size) for size in (40, 60, 1, 99, 300, 50)))
    assert pages_read(store, article.id) == [2, 2, 1, 1]


def test_what_is_carried_counts_too(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_BYTES", 100)
    article = begun(store)
    rows = (Row("ada", b"x", bytes(99)), Row("ada", b"x", bytes(60)), Row("ada", b"x"))
    store.log.append([Append(article.id, 0, rows)], NOON)
    assert pages_read(store, article.id) == [1, 2]


@contextmanager
def denied(store: SqlStore, action: int, name: str) -> Iterator[None]:
    """Have SQLite refuse an action on what has the name, in the connection of short commits."""
    shortcut = store._database.shortcut
    assert shortcut is not None
    connection = (shortcut._cursor or shortcut._open()).connection

    def judge(asked: int, first: str | None, *_: str | None) -> int:
        return sqlite3.SQLITE_DENY if (asked, first) == (action, name) else sqlite3.SQLITE_OK

    connection.set_authorizer(judge)
    try:
        yield
    finally:
        connection.set_authorizer(None)


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (sqlite3.SQLITE_TRANSACTION, "BEGIN"),
        (sqlite3.SQLITE_UPDATE, "article"),
        (sqlite3.SQLITE_INSERT, "replica"),
        (sqlite3.SQLITE_INSERT, "update_log"),
        (sqlite3.SQLITE_TRANSACTION, "COMMIT"),
    ],
)
def test_trouble_at_any_statement_stores_nothing_and_the_store_goes_on(
    store: SqlStore, action: int, name: str
) -> None:
    article = begun(store)
    batch = [Append(article.id, 0, (Row("ada", b"x"),), {1: "ada"})]
    with denied(store, action, name), pytest.raises(LogUnavailable, match="not authorized"):
        store.log.append(batch, NOON)
    assert store.log.heads([article.id]) == {article.id: 0}
    assert store.log.owners(article.id) == {}
    store.log.append(batch, NOON)
    assert store.log.heads([article.id]) == {article.id: 1}


def test_a_commit_waits_for_other_writers_and_does_not_fail(store: SqlStore) -> None:
    article = begun(store)
    with store._database.writing():
        writer = Thread(target=wrote, args=(store, article, b"x"))
        writer.start()
        assert store.log.heads([article.id]) == {article.id: 0}
    writer.join()
    assert store.log.heads([article.id]) == {article.id: 1}


def test_commits_from_many_threads_take_turns(store: SqlStore) -> None:
    articles = [begun(store, f"article-{number}") for number in range(8)]
    writers = [Thread(target=wrote, args=(store, article, b"x", b"y")) for article in articles]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert set(store.log.heads([article.id for article in articles]).values()) == {2}


def test_a_log_whose_head_is_wrong_is_not_written_over(store: SqlStore) -> None:
    article = begun(store)
    wrote(store, article, b"x")
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE article SET head = 0"))
    with pytest.raises(Exception, match="UNIQUE"):
        wrote(store, article, b"y")
    with store._engine.begin() as connection:
        assert connection.execute(text("SELECT payload FROM update_log")).scalars().all() == [b"x"]
