"""The tables in a database: how to reach it, bring it up to date, and tell that it is."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text

from persistence.errors import SchemaDiffers
from persistence.sql.database import WRITING, Database
from persistence.sql.patience import connector, options

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x70616C696D707365  # one number for all processes: "palimpse"
PATIENCE = 10.0  # seconds until a database that does not answer is in trouble
POOL_SIZE = 5  # connections that stay open
POOL_OVERFLOW = 10  # and that are opened for as long as they are needed
MIGRATION_PATIENCE = 60.0  # migrating processes take turns, and tables may be large


def engine(
    url: str,
    *,
    patience: float = PATIENCE,
    pool_size: int = POOL_SIZE,
    pool_overflow: int = POOL_OVERFLOW,
) -> Engine:
    """Open a pool of connections; a commit on any of them is durable when it returns.

    SQLite: write-ahead log, every commit synced; PostgreSQL: psycopg 3, synchronous commit.
    Whoever waits for a lock, a connection or an answer waits `patience` seconds. How many there are
    is for PostgreSQL, whose connections are processes. Other databases are a ValueError.
    """
    address = make_url(url)
    match address.get_backend_name():
        case "sqlite":
            return _sqlite(address, patience)
        case "postgresql":
            return _postgresql(address, patience, pool_size, pool_overflow)
        case other:
            raise ValueError(f"a database is sqlite or postgresql, not {other}")


def migrate(url: str) -> None:
    """Bring the tables up to date, all or nothing; processes that start at once take turns."""
    with _alembic(url) as config:
        command.upgrade(config, "head")


def check(url: str) -> None:
    """Raise SchemaDiffers unless the database has exactly the tables of this program."""
    with _alembic(url) as config:
        try:
            command.check(config)
        except CommandError as error:
            raise SchemaDiffers(str(error)) from error


@contextmanager
def _alembic(url: str) -> Iterator[Config]:
    """Open the one migrating transaction that a database has at a time, as a configuration."""
    pool = engine(url, patience=MIGRATION_PATIENCE, pool_size=1)
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with Database(pool).writing() as connection:
            _take_turn(connection)
            config.attributes["connection"] = connection
            yield config
    finally:
        pool.dispose()


def _take_turn(connection: Connection) -> None:
    """Wait for other migrating processes; on SQLite every writer has waited already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def _sqlite(address: URL, patience: float) -> Engine:
    opened = create_engine(
        address,
        connect_args={"timeout": patience},
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=patience,
    )
    event.listen(opened, "connect", _set_up_sqlite)
    event.listen(opened, "begin", _begin_sqlite)
    return opened


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once when writing: a lock that is asked for later can be refused."""
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql(address: URL, patience: float, size: int, overflow: int) -> Engine:
    opened = create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args=options(patience),
        pool_size=size,
        max_overflow=overflow,
        pool_timeout=patience,
        pool_pre_ping=True,
    )
    event.listen(opened, "do_connect", connector(patience))
    return opened
