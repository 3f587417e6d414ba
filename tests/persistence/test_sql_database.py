"""persistence/sql/database.py: what a transaction leaves behind, and who waits for whom."""

from pathlib import Path

import pytest
from sqlalchemy import text

from persistence import schema
from persistence.errors import LogUnavailable, UnknownArticle, UnknownAuthor
from persistence.sql.database import Database, know, lock_article
from tests.support import stores


@pytest.fixture
def database(tmp_path: Path) -> Database:
    engine = schema.engine(stores.sqlite(tmp_path).new_url())
    yield Database(engine)
    engine.dispose()


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
