"""A pipeline: a turn's commit on PostgreSQL, in as few exchanges with the server as there can be.

A commit takes the server a millisecond, most of it the disk's. A toolkit's way there is as long
again: every statement waits for the answer to the one before. Here one article's rows are one
prepared statement, and where others were first their rows are read before it. Else all heads are
moved in one exchange, and all rows, owners and the commit follow in the next. A moved head locks
its article, so where others were first their rows can be read in between, and cannot become more.
"""

import select
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from persistence.errors import HeadMoved
from persistence.instant import utc
from persistence.log import MOST_BETWEEN, Append, Entry, Theirs
from persistence.sql import atonce

TRIES = 3  # to append after what was read, until everybody else is kept out
MOVE = "UPDATE article SET head = head + %s WHERE id = %s RETURNING head"
BETWEEN = (
    "SELECT article, seq, author, at, payload, carried FROM update_log"
    " WHERE article = %s AND seq > %s ORDER BY seq LIMIT %s"
)
STORE = (
    "INSERT INTO update_log (article, seq, author, at, payload, carried) SELECT * FROM unnest("
    "%b::int4[], %b::int8[], %s::text[], %b::timestamptz[], %b::bytea[], %b::bytea[])"
)
OWN = (
    "INSERT INTO replica (article, client, author) VALUES (%s, %s, %s)"
    " ON CONFLICT (article, client) DO UPDATE SET author = replica.author RETURNING author"
)

Cursor = psycopg.Cursor[Any]


class Pipeline:
    """One connection of a PostgreSQL engine, kept for the commits of whoever comes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = Lock()
        self._kept: PoolProxiedConnection | None = None
        self._shared: frozenset[int] = frozenset()  # where others were first the last time

    def append(self, ordered: Sequence[Append], at: datetime) -> Theirs:
        """Keep the promise of UpdateLog.append; errors are SQLAlchemy's."""
        with self._working() as connection:
            theirs = self._append_alone(connection, ordered, at)
            if theirs is None:
                with connection.pipeline(), connection.transaction():
                    theirs = self._append(connection, ordered, at)
        self._shared = self._shared.difference(a.article for a in ordered) | theirs.keys()
        return theirs

    def _append_alone(
        self, connection: psycopg.Connection, ordered: Sequence[Append], at: datetime
    ) -> Theirs | None:
        """Append one article's rows, if they are all there is, as it is most of the time.

        Nobody is kept out: None, and nothing is stored, where others have been quicker each time.
        """
        if len(ordered) != 1:
            return None
        (only,) = ordered
        if only.claims or not only.rows:
            return None
        between: list[Entry] = []
        if only.article in self._shared:
            between += map(_entry, _ask(connection, only))
        for _ in range(TRIES):
            if len(between) > MOST_BETWEEN or (between and not only.follows(between)):
                raise HeadMoved([only.article])
            if atonce.append(connection, only, only.head + len(between), at):
                return {only.article: between} if between else {}
            between += map(_entry, _ask(connection, only, len(between)))
        return None

    def _append(
        self, connection: psycopg.Connection, ordered: Sequence[Append], at: datetime
    ) -> Theirs:
        moves = [connection.execute(MOVE, (len(a.rows), a.article)) for a in ordered]
        asked = {a.article: _ask(connection, a) for a in ordered if a.article in self._shared}
        heads = {a.article: _before(a, move) for a, move in zip(ordered, moves, strict=True)}
        for late in (a for a in ordered if heads[a.article] > a.head and a.article not in asked):
            asked[late.article] = _ask(connection, late)
        between = {article: [_entry(row) for row in cursor] for article, cursor in asked.items()}
        moved = [a.article for a in ordered if not _may_follow(a, heads, between)]
        if moved:
            raise HeadMoved(moved)
        _store(connection, ordered, heads, at)
        _own(connection, ordered)
        return {article: rows for article, rows in between.items() if rows}

    @contextmanager
    def _working(self) -> Iterator[psycopg.Connection]:
        """Lend the connection, on which what is done is durable when it has been done."""
        with self._turns:
            try:
                yield self._connection()
            except HeadMoved:
                raise
            except psycopg.Error as error:
                self._give_up()
                raise DBAPIError.instance("a commit", None, error, psycopg.Error) from error
            except BaseException:
                self._give_up()  # whatever state it is in
                raise

    def _connection(self) -> psycopg.Connection:
        """Give the kept connection, or another one if the server has ended it meanwhile."""
        if self._kept is not None and _says_something(self._kept):
            self._give_up()
        if self._kept is None:
            self._kept = self._engine.raw_connection()
            _driver(self._kept).autocommit = True
        return _driver(self._kept)

    def _give_up(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.invalidate()

    def close(self) -> None:
        """Let go of the connection."""
        with self._turns:
            self._give_up()


def _driver(kept: PoolProxiedConnection) -> psycopg.Connection:
    driver = kept.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - by persistence.schema
    return driver


def _says_something(kept: PoolProxiedConnection) -> bool:
    """Whether there is something to read though nothing was asked: that it has ended, as a rule."""
    driver = _driver(kept)
    if driver.closed:
        return True
    look = select.poll()
    look.register(driver.fileno(), select.POLLIN)
    return bool(look.poll(0))


def _before(append: Append, move: Cursor) -> int:
    """The head before it was moved; below all others where there is no such article."""
    row = move.fetchone()
    return -1 if row is None else int(row[0]) - len(append.rows)


def _ask(connection: psycopg.Connection, append: Append, known: int = 0) -> Cursor:
    """Ask for what others have stored since the head that the rows build on, and a row too many.

    So many of them are known.
    """
    asked = (append.article, append.head + known, MOST_BETWEEN + 1)
    return connection.execute(BETWEEN, asked)


def _entry(row: tuple[Any, ...]) -> Entry:
    article, seq, author, at, payload, carried = row
    return Entry(article, seq, author, utc(at), payload, carried)


def _may_follow(append: Append, heads: Mapping[int, int], between: Theirs) -> bool:
    """Whether the rows may come next; heads never go back."""
    theirs = between.get(append.article, ())
    if heads[append.article] < append.head or len(theirs) > MOST_BETWEEN:
        return False
    return not theirs or append.follows(theirs)


def _store(
    connection: psycopg.Connection,
    ordered: Sequence[Append],
    heads: Mapping[int, int],
    at: datetime,
) -> None:
    rows = [
        (append.article, seq, row.author, at, row.payload, row.carried)
        for append in ordered
        for seq, row in enumerate(append.rows, heads[append.article] + 1)
    ]
    if rows:
        connection.execute(STORE, [list(column) for column in zip(*rows, strict=True)])


def _own(connection: psycopg.Connection, ordered: Sequence[Append]) -> None:
    """Store the new owners; who owns a client id already may claim it again. HeadMoved."""
    claims = [
        (append.article, author, connection.execute(OWN, (append.article, client, author)))
        for append in ordered
        for client, author in append.claims.items()
    ]
    foreign = {article for article, author, stored in claims if stored.fetchone() != (author,)}
    if foreign:
        raise HeadMoved(foreign)
