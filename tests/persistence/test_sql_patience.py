"""persistence/sql/patience.py: a PostgreSQL that stands still, or was away."""

import threading
from collections.abc import Iterator

import pytest
from psycopg.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from persistence.errors import LogUnavailable
from persistence.sql.trouble import SILENT
from persistence.store import Store, open_store
from tests.support import postgres, stores
from tests.support.stores import begun, wrote

PATIENCE = 3.0  # a busy machine answers in this time
WATCH = 90.0  # seconds after which a test gives up on a thread that should have come back


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Postgres]:
    with postgres.running() as server:
        yield server


@pytest.fixture
def store(server: postgres.Postgres) -> Iterator[Store]:
    store = open_store(stores.postgresql(server).new_url(), PATIENCE)
    yield store
    server.resume()
    store.close()


def in_time(work: object) -> None:
    """Run in a thread of its own, so that what hangs fails its test and no more."""
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001 - it is raised below
            trouble.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(WATCH)
    assert not thread.is_alive(), "nobody looked at the clock"
    if trouble:
        raise trouble[0]


def test_a_server_that_stands_still_is_told_and_then_used_again(
    server: postgres.Postgres, store: Store
) -> None:
    article = begun(store)
    server.pause()
    for work in (
        lambda: wrote(store, article, b"x"),
        lambda: store.articles.get("bach2"),
        store.log.check,
    ):
        with pytest.raises(LogUnavailable) as trouble:
            in_time(work)
        assert trouble.value.why == SILENT
    server.resume()
    store.log.check()
    assert store.log.heads([article.id])[article.id] == 0


def test_a_server_that_stops_in_the_middle_is_told(server: postgres.Postgres, store: Store) -> None:
    article = begun(store)

    def stop_and_write() -> None:
        with store._database.writing() as connection:  # type: ignore[attr-defined]
            connection.execute(text("UPDATE article SET title = 'x'"))
            server.pause()

    store._database = store.log._database  # type: ignore[attr-defined]
    with pytest.raises(LogUnavailable):
        in_time(stop_and_write)
    server.resume()
    store.log.check()
    wrote(store, article, b"y")


def test_a_lock_that_is_never_given_back_is_waited_for_so_long(store: Store) -> None:
    article = begun(store)
    with store.log._database.writing() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE article SET title = 'mine'"))
        with pytest.raises(LogUnavailable) as trouble:
            in_time(lambda: wrote(store, article, b"x"))
        assert isinstance(trouble.value.__cause__, DBAPIError)
        assert isinstance(trouble.value.__cause__.orig, QueryCanceled)  # the server gave up first
    wrote(store, article, b"x")


def test_a_server_that_was_away_is_used_again(server: postgres.Postgres, store: Store) -> None:
    article = begun(store)
    wrote(store, article, b"before")
    server.stop()
    with pytest.raises(LogUnavailable) as trouble:
        wrote(store, article, b"x")
    assert trouble.value.why == SILENT
    server.start()
    wrote(store, article, b"after")
    assert [entry.payload for entry in store.log.read(article.id)] == [b"before", b"after"]


def test_connections_that_ended_while_nobody_looked_trouble_nobody(
    server: postgres.Postgres, store: Store
) -> None:
    article = begun(store)
    wrote(store, article, b"before")
    server.stop()
    server.start()
    wrote(store, article, b"after")
    assert store.log.heads([article.id]) == {article.id: 2}
