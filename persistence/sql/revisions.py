"""The revisions in SQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, insert, select

from persistence import models
from persistence.errors import UnknownRevision
from persistence.revisions import Count, Digest, Loss, Mark, Revision, Span
from persistence.sql.database import Database, know, take_turn
from persistence.sql.digests import put_digest

MARK = models.table(models.RevisionMark)
REVISION = models.table(models.Revision)
SPAN = models.table(models.RevisionSpan)
COUNT = models.table(models.RevisionAuthor)
LOSS = models.table(models.RevisionLoss)
MARKED = [MARK.c[field.name] for field in fields(Mark)]
HEADING = [REVISION.c[field.name] for field in fields(Revision)]
NEWEST = (REVISION.c.seq.desc(), REVISION.c.number.desc())


class SqlRevisions:
    """Revisions in the tables revision_mark, revision, and those of a revision's parts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, article: int, mark: Mark, digest: Digest) -> Revision:
        """Keep the promise of Revisions.add."""
        with self._database.writing() as connection:
            take_turn(connection, article)
            know(connection, {mark.made_by})
            number = _marked(connection, article, mark)
            if number is None:
                number = _next(connection, article)
                row = {"article": article, "number": number, **asdict(mark)}
                connection.execute(insert(MARK), row)
            if not _has_digest(connection, article, number):
                put_digest(connection, article, number, digest)
            return _heading(connection, article, number)

    def put(self, article: int, number: int, digest: Digest) -> Revision:
        """Keep the promise of Revisions.put."""
        self._row(MARK, article, number, MARK.c.number)
        with self._database.writing() as connection:
            take_turn(connection, article)
            put_digest(connection, article, number, digest)
            return _heading(connection, article, number)

    def marks(self, article: int) -> list[tuple[int, Mark]]:
        """Keep the promise of Revisions.marks."""
        query = select(MARK.c.number, *MARKED).where(MARK.c.article == article)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(MARK.c.number))
            return [(number, Mark(*mark)) for number, *mark in rows]

    def list(self, article: int, limit: int = 50, before: int | None = None) -> list[Revision]:
        """Keep the promise of Revisions.list."""
        query = _headings(article).order_by(REVISION.c.number.desc()).limit(limit)
        return [*self._revisions(query if before is None else query.where(_below(before)))]

    def get(self, article: int, number: int) -> Revision:
        """Keep the promise of Revisions.get."""
        return Revision(*self._row(REVISION, article, number, *HEADING))

    def latest(self, article: int) -> Revision | None:
        """Keep the promise of Revisions.latest."""
        return next(iter(self._revisions(_headings(article).order_by(*NEWEST).limit(1))), None)

    def at_or_before(self, article: int, seq: int, below: int | None = None) -> Revision | None:
        """Keep the promise of Revisions.at_or_before."""
        query = _headings(article).where(REVISION.c.seq <= seq).order_by(*NEWEST).limit(1)
        query = query if below is None else query.where(_below(below))
        return next(iter(self._revisions(query)), None)

    def text(self, article: int, number: int) -> str:
        """Keep the promise of Revisions.text."""
        return str(self._row(REVISION, article, number, REVISION.c.text)[0])

    def spans(self, article: int, number: int) -> tuple[Span, ...]:
        """Keep the promise of Revisions.spans."""
        self._row(REVISION, article, number, REVISION.c.number)
        query = select(SPAN.c.start, SPAN.c.length, SPAN.c.author)
        query = query.where(_is(SPAN, article, number)).order_by(SPAN.c.start)
        with self._database.reading() as connection:
            return tuple(Span(*row) for row in connection.execute(query))

    def counts(self, article: int, numbers: Iterable[int]) -> Mapping[int, tuple[Count, ...]]:
        """Keep the promise of Revisions.counts."""
        counts: dict[int, tuple[Count, ...]] = dict.fromkeys(numbers, ())
        columns = (COUNT.c.number, COUNT.c.author, COUNT.c.inserted, COUNT.c.deleted, COUNT.c.kept)
        query = select(*columns).where(COUNT.c.article == article, COUNT.c.number.in_(counts))
        with self._database.reading() as connection:
            for number, *count in sorted(map(tuple, connection.execute(query))):
                counts[number] += (Count(*count),)
        return counts

    def losses(self, article: int, number: int) -> tuple[Loss, ...]:
        """Keep the promise of Revisions.losses."""
        self._row(REVISION, article, number, REVISION.c.number)
        query = select(LOSS.c.author, LOSS.c.deleted_by, LOSS.c.length)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(_is(LOSS, article, number)))
            return tuple(sorted(Loss(*row) for row in rows))

    def vectors(self, article: int) -> Iterator[tuple[int, bytes]]:
        """Keep the promise of Revisions.vectors."""
        query = select(REVISION.c.number, REVISION.c.state_vector)
        query = query.where(REVISION.c.article == article)
        query = query.order_by(REVISION.c.seq, REVISION.c.number)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return ((row.number, row.state_vector) for row in rows)

    def _revisions(self, query: Select[Any]) -> Sequence[Revision]:
        with self._database.reading() as connection:
            return [Revision(*row) for row in connection.execute(query)]

    def _row(
        self, table: Table, article: int, number: int, *columns: ColumnElement[Any]
    ) -> tuple[Any, ...]:
        with self._database.reading() as connection:
            row = connection.execute(select(*columns).where(_is(table, article, number))).first()
        if row is None:
            raise UnknownRevision(f"The article has no revision {number}.")
        return tuple(row)


def _heading(connection: Connection, article: int, number: int) -> Revision:
    query = select(*HEADING).where(_is(REVISION, article, number))
    return Revision(*connection.execute(query).one())


def _headings(article: int) -> Select[Any]:
    return select(*HEADING).where(REVISION.c.article == article)


def _below(number: int) -> ColumnElement[bool]:
    return REVISION.c.number < number


def _is(table: Table, article: int, number: int) -> ColumnElement[bool]:
    return (table.c.article == article) & (table.c.number == number)


def _marked(connection: Connection, article: int, mark: Mark) -> int | None:
    """Find the number under which the server has no need to mark this point again."""
    if mark.reason == "named":
        return None
    query = select(MARK.c.number).where(MARK.c.article == article, MARK.c.seq == mark.seq)
    row = connection.execute(query.order_by(MARK.c.number).limit(1)).first()
    return None if row is None else row.number


def _next(connection: Connection, article: int) -> int:
    last = select(func.max(MARK.c.number)).where(MARK.c.article == article)
    return (connection.scalar(last) or 0) + 1


def _has_digest(connection: Connection, article: int, number: int) -> bool:
    query = select(REVISION.c.number).where(_is(REVISION, article, number))
    return connection.scalar(query) is not None
