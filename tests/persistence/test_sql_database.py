"""persistence/sql/database.py: what trouble means, and who waits for whom."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from persistence import schema
from persistence.errors import LogUnavailable, UnknownArticle, UnknownAuthor
from persistence.sql.database import Database, know, lock_article, told
from tests.support import stores


@pytest.fixture
def database(tmp_path: Path) -> Database:
    engine = schema.engine(stores.sqlite(tmp_path).new_url())
    yield Database(engine)
    engine.dispose()


def trouble(kind: type[exc.DBAPIError]) -> exc.DBAPIError:
    return kind("SELECT", None, sqlite3.Error("it happened"))


@pytest.mark.parametrize("kind", [exc.OperationalError, exc.InterfaceError, exc.InternalError])
def test_trouble_of_the_database_is_told(kind: type[exc.DBAPIError]) -> None:
    with pytest.raises(LogUnavailable, match="it happened"), told():
        raise trouble(kind)


def test_a_pool_without_a_free_connection_is_told() -> None:
    with pytest.raises(LogUnavailable), told():
        raise exc.TimeoutError("no connection")


@pytest.mark.parametrize("kind", [exc.IntegrityError, exc.DataError, exc.ProgrammingError])
def test_our_own_mistakes_stay_what_they_are(kind: type[exc.DBAPIError]) -> None:
    with pytest.raises(kind), told():
        raise trouble(kind)


def test_what_is_written_is_committed(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE page (id INTEGER)"))
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM page")).scalar() == 0


def fail_after_a_change(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE page (id INTEGER)"))
        raise KeyError


def test_an_exception_leaves_no_trace(database: Database) -> None:
    with pytest.raises(KeyError):
        fail_after_a_change(database)
    with pytest.raises(LogUnavailable, match="page"), database.reading() as connection:
        connection.execute(text("SELECT count(*) FROM page"))


def test_reading_sees_one_state_while_others_write(database: Database) -> None:
    count = text("SELECT count(*) FROM author")
    with database.reading() as reading:
        assert reading.execute(count).scalar() == 0
        with database.writing() as writing:
            values = "('a', 'a', 'A', '#0', NULL, 'bot', '2026-01-01', NULL, NULL)"
            writing.execute(text(f"INSERT INTO author VALUES {values}"))
        assert reading.execute(count).scalar() == 0


def test_strangers_are_named(database: Database) -> None:
    with database.reading() as connection:
        know(connection, set())
        with pytest.raises(UnknownAuthor, match="ada, bob"):
            know(connection, {"bob", "ada"})


def test_only_a_known_article_can_be_locked(database: Database) -> None:
    with database.writing() as connection, pytest.raises(UnknownArticle):
        lock_article(connection, 1)
