"""A shortcut: short commits on SQLite, straight through the driver.

A turn's commit is some statements that never change. What a toolkit does around them (a pool, a
transaction object, events, a result) takes more than twice the processor time of the statements
themselves, most of all when turns are some milliseconds apart and nothing of it is in the caches.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

T = TypeVar("T")


class Driven:
    """A transaction on the driver's own connection; errors are SQLAlchemy's."""

    def __init__(self, driver: sqlite3.Connection, dialect: Dialect) -> None:
        self._driver = driver
        self.dialect = dialect

    def begin(self) -> None:
        """Begin, with the write lock at once."""
        self._do("BEGIN IMMEDIATE", self._driver.execute, "BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make it durable."""
        self._do("COMMIT", self._driver.commit)

    def exec_driver_sql(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> sqlite3.Cursor:
        """Execute a statement for each tuple of parameters; the cursor counts all changed rows."""
        return self._do(sql, self._driver.executemany, sql, rows)

    def _do(self, sql: str, act: Callable[..., T], *arguments: Any) -> T:
        try:
            return act(*arguments)
        except sqlite3.Error as error:
            raise DBAPIError.instance(sql, None, error, sqlite3.Error) from error


class Shortcut:
    """One connection of an SQLite engine, kept for the commits of whoever comes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = Lock()
        self._kept: PoolProxiedConnection | None = None

    @contextmanager
    def writing(self) -> Iterator[Driven]:
        """Open a transaction that is durable when the block has ended without an exception."""
        with self._turns:
            try:
                transaction = self._transaction()
                transaction.begin()
                yield transaction
                transaction.commit()
            except BaseException:
                self._let_go()  # whatever state it is in: the pool ends what was begun
                raise

    def _transaction(self) -> Driven:
        if self._kept is None:
            self._kept = self._engine.raw_connection()
        driver = self._kept.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - by persistence.schema
        return Driven(driver, self._engine.dialect)

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def close(self) -> None:
        """Give the connection back."""
        with self._turns:
            self._let_go()
