import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from persistence import schema
from persistence.errors import SchemaDiffers
from persistence.models import Base
from tests.support import postgres

CODE_FOLDER = Path(__file__).parents[2]
AUTHOR = "INSERT INTO author VALUES ('a', 'a', 'A', '#', NULL, 'bot', '2026-01-01', NULL, NULL)"
COLUMNS = {  # of the tables without a column author
    "checkpoint": "state",
    "revision": "label",
    "revision_mark": "label",
    "revision_section": "heading",
    "frame": "authors",
    "article_text": "text",
    "secret": "value",
}
MIGRATE = "import sys; from persistence.schema import migrate; migrate(sys.argv[1])"


@pytest.fixture(scope="module")
def server() -> postgres.Postgres:
    with postgres.running() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/palimpsest.db"
    server = request.getfixturevalue("server")
    return server.url(server.new_database())


def asked(url: str, question: str) -> str:
    opened = schema.engine(url)
    with opened.connect() as connection:
        answer = connection.exec_driver_sql(question).scalar()
    opened.dispose()
    return str(answer)


def told(url: str, command: str) -> None:
    opened = schema.engine(url)
    with opened.begin() as connection:
        connection.execute(text(command))
    opened.dispose()


def test_a_migrated_database_has_the_tables_of_the_models(url: str) -> None:
    schema.migrate(url)
    schema.check(url)


def test_migrating_again_changes_nothing(url: str) -> None:
    schema.migrate(url)
    told(url, AUTHOR)
    schema.migrate(url)
    schema.check(url)
    assert asked(url, "SELECT count(*) FROM author") == "1"


def test_processes_that_migrate_at_once_take_turns(url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, url]
    processes = [subprocess.Popen(command, cwd=CODE_FOLDER) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    schema.check(url)


def test_an_empty_database_differs(url: str) -> None:
    with pytest.raises(SchemaDiffers):
        schema.check(url)


@pytest.mark.parametrize("name", sorted(set(Base.metadata.tables) - {"author", "article"}))
def test_a_missing_column_is_a_difference(url: str, name: str) -> None:
    schema.migrate(url)
    column = COLUMNS.get(name, "author")
    told(url, f"ALTER TABLE {name} RENAME COLUMN {column} TO other")
    with pytest.raises(SchemaDiffers):
        schema.check(url)


def test_a_failed_migration_leaves_nothing_behind(url: str) -> None:
    told(url, "CREATE TABLE revision_span (stranger INTEGER)")
    with pytest.raises(Exception, match="revision_span"):
        schema.migrate(url)
    told(url, "DROP TABLE revision_span")
    schema.migrate(url)
    schema.check(url)


def test_sqlite_syncs_every_commit(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/palimpsest.db"
    assert asked(url, "PRAGMA journal_mode") == "wal"
    assert asked(url, "PRAGMA synchronous") == "2"
    assert asked(url, "PRAGMA foreign_keys") == "1"
    assert int(asked(url, "PRAGMA busy_timeout")) >= 10_000


def test_sqlite_keeps_every_moment_in_readable_utc(tmp_path: Path) -> None:
    schema.migrate(f"sqlite:///{tmp_path}/palimpsest.db")
    with sqlite3.connect(tmp_path / "palimpsest.db") as connection:
        types = connection.execute("PRAGMA table_info(update_log)").fetchall()
    connection.close()
    assert [row[2] for row in types if row[1] == "at"] == ["DATETIME"]


def test_postgresql_syncs_every_commit(server: postgres.Postgres) -> None:
    url = server.url(server.new_database())
    assert asked(url, "SHOW synchronous_commit") == "on"
    assert asked(url, "SHOW fsync") == "on"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_its_plain_name(scheme: str) -> None:
    opened = schema.engine(f"{scheme}://somebody@somewhere/palimpsest")
    assert opened.url.drivername == "postgresql+psycopg"


def test_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        schema.engine("mysql://somewhere/palimpsest")


def test_the_size_of_the_pool_is_a_parameter() -> None:
    url = "postgresql://somebody@somewhere/palimpsest"
    opened = schema.engine(url, pool_size=2, pool_overflow=0)
    assert (opened.pool.size(), opened.pool._max_overflow) == (2, 0)
