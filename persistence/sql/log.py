"""The update log in SQL: one transaction for a whole batch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    column,
    func,
    select,
    values,
)
from sqlalchemy import Row as SqlRow
from sqlalchemy.exc import IntegrityError

from persistence import models
from persistence.errors import HeadMoved
from persistence.instant import utc
from persistence.log import MOST_BETWEEN, Append, Entry, Theirs, authors_of, in_order
from persistence.sql.check import write_and_take_away
from persistence.sql.database import Database, know
from persistence.sql.shortcut import Overtaken, store
from persistence.sql.trouble import told

PAGE_ROWS = 1_000
PAGE_BYTES = 4 * 2**20

ARTICLE = models.table(models.Article)
REPLICA = models.table(models.Replica)
LOG = models.table(models.LoggedUpdate)

SIZE = func.length(LOG.c.payload) + func.coalesce(func.length(LOG.c.carried), 0)
ENDLESS = 2**63 - 1  # a seq that no log reaches


def _page_of(*columns: ColumnElement[Any]) -> Select[Any]:
    """Select columns of the rows after < seq <= until, one page at most."""
    here = (LOG.c.article == bindparam("article")) & (LOG.c.seq > bindparam("after"))
    query = select(*columns).where(here, LOG.c.seq <= bindparam("until"))
    return query.order_by(LOG.c.seq).limit(bindparam("most"))


# Built once: building them takes as long as reading some dozens of rows.
SIZES, ENTRIES = _page_of(LOG.c.seq, SIZE), _page_of(*LOG.c)


class SqlLog:
    """UpdateLog in the tables article, replica and update_log."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shared: frozenset[int] = frozenset()  # where others were first the last time

    def append(self, batch: Sequence[Append], at: datetime) -> Theirs:
        """Keep the promise of UpdateLog.append."""
        ordered, at = in_order(batch), utc(at)
        try:
            return self._append(ordered, at)
        except IntegrityError:
            with self._database.reading() as connection:
                foreign = [a.article for a in ordered if _claims_foreign(connection, a)]
                if foreign:
                    raise HeadMoved(foreign) from None
                know(connection, authors_of(ordered))
            raise

    def _append(self, ordered: Sequence[Append], at: datetime) -> Theirs:
        """Go the short way; on SQLite nobody may be quicker there, so unless somebody just was."""
        pipeline, shortcut = self._database.pipeline, self._database.shortcut
        if pipeline is not None:
            with told():
                return pipeline.append(ordered, at)
        if shortcut is not None and self._shared.isdisjoint(a.article for a in ordered):
            try:
                shortcut.append(ordered, at)
            except Overtaken:
                pass
            else:
                return {}
        return self._append_after(ordered, at)

    def _append_after(self, ordered: Sequence[Append], at: datetime) -> Theirs:
        """Append after what others have stored, where that may be: SQLite keeps them out now."""
        with self._database.writing() as connection:
            heads = _heads(connection, [append.article for append in ordered])
            between = {a.article: _between(connection, a, heads.get(a.article, 0)) for a in ordered}
            moved = [a.article for a in ordered if not _may_follow(connection, a, heads, between)]
            if moved:
                raise HeadMoved(moved)
            store(connection, [replace(a, head=heads[a.article]) for a in ordered], at)
        theirs = {article: rows for article, rows in between.items() if rows}
        self._shared = (self._shared - between.keys()) | theirs.keys()
        return theirs

    def after(self, heads: Mapping[int, int], most: int) -> list[Entry]:
        """Keep the promise of UpdateLog.after.

        Mostly there is nothing, which the heads tell in a tenth of the time: a query with all that
        is known would be compiled anew each time.
        """
        stored = self.heads(list(heads))
        passed = {a: head for a, head in heads.items() if stored.get(a, 0) > head}
        if not passed:
            return []
        known = values(column("article", Integer), column("head", BigInteger), name="known")
        known_heads = known.data(sorted(passed.items())).cte("known")
        newer = (LOG.c.article == known_heads.c.article) & (LOG.c.seq > known_heads.c.head)
        query = select(*LOG.c).join(known_heads, newer).order_by(LOG.c.article, LOG.c.seq)
        with self._database.reading() as connection:
            return [Entry(*row) for row in connection.execute(query.limit(most))]

    def read(self, article: int, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Keep the promise of UpdateLog.read."""
        while page := self._page(article, after, until):
            yield from page
            after = page[-1].seq

    def heads(self, articles: Sequence[int]) -> dict[int, int]:
        """Keep the promise of UpdateLog.heads."""
        with self._database.reading() as connection:
            return _heads(connection, articles)

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


def _fitting(sizes: Sequence[SqlRow[int, int]]) -> int:
    """Find the last seq whose row fits into the page; the first row always does."""
    room, last = PAGE_BYTES, 0
    for seq, size in sizes:
        room -= size
        if last and room < 0:
            break
        last = seq
    return last


def _heads(connection: Connection, articles: Sequence[int]) -> dict[int, int]:
    query = select(ARTICLE.c.id, ARTICLE.c.head).where(ARTICLE.c.id.in_(articles))
    return {row.id: row.head for row in connection.execute(query)}


def _between(connection: Connection, append: Append, head: int) -> list[Entry]:
    """Read what others have stored since the head that the rows build on, and one row too many."""
    if head <= append.head:
        return []
    asked = {"article": append.article, "after": append.head, "until": head}
    rows = connection.execute(ENTRIES, asked | {"most": MOST_BETWEEN + 1})
    return [Entry(*row) for row in rows]


def _may_follow(
    connection: Connection, append: Append, heads: Mapping[int, int], theirs: Theirs
) -> bool:
    """Whether the rows may come next; heads and owners never go back."""
    between = theirs[append.article]
    if heads.get(append.article, -1) < append.head or len(between) > MOST_BETWEEN:
        return False
    if _claims_foreign(connection, append):
        return False
    return not between or append.follows(between)


def _claims_foreign(connection: Connection, append: Append) -> bool:
    """Whether a client id that is claimed here is another author's."""
    if not append.claims:
        return False
    here = (REPLICA.c.article == append.article) & REPLICA.c.client.in_(append.claims)
    owners = connection.execute(select(REPLICA.c.client, REPLICA.c.author).where(here))
    return any(append.claims[row.client] != row.author for row in owners)
