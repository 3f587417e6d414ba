"""The update log in SQL: one transaction for a whole batch."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.exc import IntegrityError

from persistence import models
from persistence.errors import HeadMoved
from persistence.instant import utc
from persistence.log import Append, Entry, authors_of, in_order
from persistence.sql.bulk import Statement, insert_many
from persistence.sql.check import write_and_take_away
from persistence.sql.database import Database, know
from persistence.sql.shortcut import Driven

PAGE_ROWS = 1_000
PAGE_BYTES = 4 * 2**20

ARTICLE = models.table(models.Article)
REPLICA = models.table(models.Replica)
LOG = models.table(models.LoggedUpdate)

# Where the head is not the expected one, no row is changed: the count of changed rows tells.
# The change also locks the article, so that everything after it has the article for itself.
ADVANCE = Statement("UPDATE article SET head = head + {} WHERE id = {} AND head = {}")
CLAIM = Statement(
    "INSERT INTO replica (article, client, author) VALUES ({}, {}, {}) ON CONFLICT DO NOTHING"
)
STANDS = Statement(
    "UPDATE replica SET author = author WHERE article = {} AND client = {} AND author = {}"
)
SIZE = func.length(LOG.c.payload) + func.coalesce(func.length(LOG.c.carried), 0)
ENDLESS = 2**63 - 1  # a seq that no log reaches


def _page_of(*columns: ColumnElement[Any]) -> Select[Any]:
    """Select columns of the rows after < seq <= until, one page at most."""
    here = (LOG.c.article == bindparam("article")) & (LOG.c.seq > bindparam("after"))
    query = select(*columns).where(here, LOG.c.seq <= bindparam("until"))
    return query.order_by(LOG.c.seq).limit(bindparam("most"))


# Built once: building them takes as long as reading some dozens of rows.
SIZES, ENTRIES = _page_of(LOG.c.seq, SIZE), _page_of(*LOG.c)


class Overtaken(Exception):  # noqa: N818 - it ends a transaction of this module, no more
    """Another writer was first."""


class SqlLog:
    """UpdateLog in the tables article, replica and update_log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, batch: Sequence[Append], at: datetime) -> None:
        """Keep the promise of UpdateLog.append."""
        ordered, at = in_order(batch), utc(at)
        try:
            with self._database.committing() as connection:
                _advance(connection, ordered)
                _claim(connection, ordered)
                _insert(connection, ordered, at)
        except Overtaken:
            raise HeadMoved(self._overtaken(ordered)) from None
        except IntegrityError:
            if overtaken := self._overtaken(ordered):
                raise HeadMoved(overtaken) from None
            with self._database.reading() as connection:
                know(connection, authors_of(ordered))
            raise

    def read(self, article: int, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Keep the promise of UpdateLog.read."""
        while page := self._page(article, after, until):
            yield from page
            after = page[-1].seq

    def heads(self, articles: Sequence[int]) -> dict[int, int]:
        """Keep the promise of UpdateLog.heads."""
        query = select(ARTICLE.c.id, ARTICLE.c.head).where(ARTICLE.c.id.in_(articles))
        with self._database.reading() as connection:
            return {row.id: row.head for row in connection.execute(query)}

    def owners(self, article: int) -> dict[int, str]:
        """Keep the promise of UpdateLog.owners."""
        query = select(REPLICA.c.client, REPLICA.c.author).where(REPLICA.c.article == article)
        with self._database.reading() as connection:
            return {row.client: row.author for row in connection.execute(query)}

    def check(self) -> None:
        """Keep the promise of UpdateLog.check."""
        with self._database.writing() as connection:
            write_and_take_away(connection)

    def _page(self, article: int, after: int, until: int | None) -> list[Entry]:
        """Read the next rows, as many as one page may hold and at least one."""
        with self._database.reading() as connection:
            asked = {"article": article, "after": after, "most": PAGE_ROWS}
            end = ENDLESS if until is None else until
            sizes = connection.execute(SIZES, asked | {"until": end}).all()
            if not sizes:
                return []
            rows = connection.execute(ENTRIES, asked | {"until": _fitting(sizes)})
            return [Entry(*row) for row in rows]

    def _overtaken(self, batch: Sequence[Append]) -> set[int]:
        """Find the articles in which another writer was first; heads and owners never go back."""
        heads = self.heads([append.article for append in batch])
        return {
            append.article
            for append in batch
            if heads.get(append.article) != append.head or self._foreign(append)
        }

    def _foreign(self, append: Append) -> bool:
        """Whether a client id that is claimed here is another author's."""
        owners = self.owners(append.article) if append.claims else {}
        return any(owners.get(client, author) != author for client, author in append.claims.items())


def _fitting(sizes: Sequence[SqlRow[int, int]]) -> int:
    """Find the last seq whose row fits into the page; the first row always does."""
    room, last = PAGE_BYTES, 0
    for seq, size in sizes:
        room -= size
        if last and room < 0:
            break
        last = seq
    return last


def _advance(connection: Connection | Driven, batch: Sequence[Append]) -> None:
    """Move every head, and so lock the articles in their order."""
    moves = [(len(append.rows), append.article, append.head) for append in batch]
    if ADVANCE.run(connection, moves) != len(moves):
        raise Overtaken


def _claim(connection: Connection | Driven, batch: Sequence[Append]) -> None:
    """Store the new owners; who owns a client id already may claim it again."""
    claims = [
        (append.article, client, author)
        for append in batch
        for client, author in append.claims.items()
    ]
    # Where some were there already, each changes its row as it is, if it is this author's.
    new = CLAIM.run(connection, claims)
    if new != len(claims) and STANDS.run(connection, claims) != len(claims):
        raise Overtaken


def _insert(connection: Connection | Driven, batch: Sequence[Append], at: datetime) -> None:
    """Store the rows after their article's known head."""
    rows = [
        (append.article, seq, row.author, at, row.payload, row.carried)
        for append in batch
        for seq, row in enumerate(append.rows, append.head + 1)
    ]
    insert_many(connection, LOG, rows)
