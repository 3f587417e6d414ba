"""A shortcut: a turn's commit on SQLite, straight through the driver.

It is some statements that never change. What a toolkit does around them (a pool, a transaction
object, events, a result) takes more than twice the processor time of the statements themselves,
most of all when turns are some milliseconds apart and nothing of it is in the caches.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from persistence.instant import sqlite_text
from persistence.log import Append
from persistence.sql.trouble import told

# Where the head is not the expected one, no row is changed: the count of changed rows tells.
ADVANCE = "UPDATE article SET head = head + ? WHERE id = ? AND head = ?"
CLAIM = "INSERT INTO replica (article, client, author) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
STANDS = "UPDATE replica SET author = author WHERE article = ? AND client = ? AND author = ?"
STORE = (
    "INSERT INTO update_log (article, seq, author, at, payload, carried) VALUES (?, ?, ?, ?, ?, ?)"
)


class Overtaken(Exception):  # noqa: N818 - it ends a transaction of this folder, no more
    """Another writer was first."""


class Shortcut:
    """One connection of an SQLite engine, and a cursor, kept for the commits of whoever comes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = Lock()
        self._kept: PoolProxiedConnection | None = None
        self._cursor: sqlite3.Cursor | None = None

    def append(self, ordered: Sequence[Append], at: datetime) -> None:
        """Append durably, if nobody else was first. Overtaken, LogUnavailable, IntegrityError."""
        with self._turns:
            try:
                cursor = self._cursor or self._open()
                cursor.execute("BEGIN IMMEDIATE")
                _store(cursor, ordered, at)
                cursor.execute("COMMIT")
            except BaseException as error:
                self._let_go()  # whatever state it is in: the pool ends what was begun
                if isinstance(error, sqlite3.Error):
                    with told():
                        raise _sqlalchemys(error) from error
                raise

    def _open(self) -> sqlite3.Cursor:
        with told():
            self._kept = self._engine.raw_connection()
        self._cursor = _cursor(self._kept)
        return self._cursor

    def _let_go(self) -> None:
        kept, self._kept, self._cursor = self._kept, None, None
        if kept is not None:
            kept.close()

    def close(self) -> None:
        """Give the connection back."""
        with self._turns:
            self._let_go()


def store(connection: Connection, ordered: Sequence[Append], at: datetime) -> None:
    """Store the rows in a transaction, after the heads that they build on.

    Overtaken; errors are SQLAlchemy's.
    """
    try:
        _store(_cursor(connection.connection), ordered, at)
    except sqlite3.Error as error:
        raise _sqlalchemys(error) from error


def _cursor(pooled: PoolProxiedConnection) -> sqlite3.Cursor:
    driver = pooled.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - by persistence.schema
    return driver.cursor()


def _sqlalchemys(error: sqlite3.Error) -> Exception:
    return DBAPIError.instance("a commit", None, error, sqlite3.Error)


def _store(cursor: sqlite3.Cursor, ordered: Sequence[Append], at: datetime) -> None:
    """Move every head, which tells whether others were first; then store claims and rows."""
    text, claims, rows = sqlite_text(at), [], []
    for append in ordered:
        article, seq = append.article, append.head
        if cursor.execute(ADVANCE, (len(append.rows), article, seq)).rowcount != 1:
            raise Overtaken
        claims += [(article, client, author) for client, author in append.claims.items()]
        for row in append.rows:
            seq += 1
            rows.append((article, seq, row.author, text, row.payload, row.carried))
    if claims:
        _claim(cursor, claims)
    cursor.executemany(STORE, rows)


def _claim(cursor: sqlite3.Cursor, claims: list[tuple[int, int, str]]) -> None:
    """Store the new owners; who owns a client id already may claim it again."""
    if cursor.executemany(CLAIM, claims).rowcount == len(claims):
        return
    # Some were there already: each claim changes its row as it is, if it is this author's.
    if cursor.executemany(STANDS, claims).rowcount != len(claims):
        raise Overtaken
