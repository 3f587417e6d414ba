"""The revisions in SQL."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from persistence import models
from persistence.errors import UnknownRevision
from persistence.revisions import Revision, Span
from persistence.sql.bulk import insert_many
from persistence.sql.database import Database, know, lock_article

REVISION = models.table(models.Revision)
SPAN = models.table(models.RevisionSpan)
HEADING = [  # in the order of Revision's fields
    column for column in REVISION.c if column.name != "text"
]


class SqlRevisions:
    """Revisions in the tables revision and revision_span."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        article: int,
        seq: int,
        at: datetime,
        label: str,
        made_by: str,
        text: str,
        spans: Iterable[tuple[int, int, str]],
    ) -> Revision:
        """Keep the promise of Revisions.add."""
        row = {"seq": seq, "at": at, "label": label, "made_by": made_by, "text": text}
        with self._database.writing() as connection:
            number = _next(connection, article)
            know(connection, {made_by})
            connection.execute(insert(REVISION), {"article": article, "number": number, **row})
            _put_spans(connection, article, number, spans)
        return self.get(article, number)

    def list(self, article: int) -> list[Revision]:
        """Keep the promise of Revisions.list."""
        query = select(*HEADING).where(REVISION.c.article == article).order_by(REVISION.c.number)
        with self._database.reading() as connection:
            return [Revision(*row) for row in connection.execute(query)]

    def get(self, article: int, number: int) -> Revision:
        """Keep the promise of Revisions.get."""
        return Revision(*self._row(article, number, *HEADING))

    def text(self, article: int, number: int) -> str:
        """Keep the promise of Revisions.text."""
        return str(self._row(article, number, REVISION.c.text).text)

    def spans(self, article: int, number: int) -> tuple[Span, ...]:
        """Keep the promise of Revisions.spans."""
        self._row(article, number, REVISION.c.number)
        query = select(SPAN.c.start, SPAN.c.length, SPAN.c.author)
        query = query.where(_spans_of(article, number)).order_by(SPAN.c.start)
        with self._database.reading() as connection:
            return tuple(Span(*row) for row in connection.execute(query))

    def replace_text(
        self, article: int, number: int, text: str, spans: Iterable[tuple[int, int, str]]
    ) -> None:
        """Keep the promise of Revisions.replace_text."""
        self._row(article, number, REVISION.c.number)
        with self._database.writing() as connection:
            connection.execute(update(REVISION).where(_is(article, number)).values(text=text))
            connection.execute(delete(SPAN).where(_spans_of(article, number)))
            _put_spans(connection, article, number, spans)

    def _row(
        self, article: int, number: int, *columns: ColumnElement[Any]
    ) -> Row[*tuple[Any, ...]]:
        with self._database.reading() as connection:
            row = connection.execute(select(*columns).where(_is(article, number))).first()
        if row is None:
            raise UnknownRevision(f"The article has no revision {number}.")
        return row


def _is(article: int, number: int) -> ColumnElement[bool]:
    return and_(REVISION.c.article == article, REVISION.c.number == number)


def _spans_of(article: int, number: int) -> ColumnElement[bool]:
    return and_(SPAN.c.article == article, SPAN.c.number == number)


def _next(connection: Connection, article: int) -> int:
    """Find the article's next number, and keep other writers out until it is taken."""
    lock_article(connection, article)
    last = select(func.max(REVISION.c.number)).where(REVISION.c.article == article)
    return (connection.scalar(last) or 0) + 1


def _put_spans(
    connection: Connection, article: int, number: int, spans: Iterable[tuple[int, int, str]]
) -> None:
    rows = [(article, number, *span) for span in spans]
    know(connection, {author for *_, author in rows})
    insert_many(connection, SPAN, rows)
