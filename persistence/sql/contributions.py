"""The contributions in SQL."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, tuple_

from persistence import models
from persistence.articles import Article
from persistence.contributions import (
    Contributed,
    Contribution,
    ContributionPlace,
    Total,
    by_share,
)
from persistence.sql.articles import ARTICLE, QUERY
from persistence.sql.bulk import insert_many
from persistence.sql.database import Database, know, take_turn

CONTRIBUTION = models.table(models.Contribution)
COLUMNS = [CONTRIBUTION.c[name] for name in Contribution._fields]
PLACE = tuple_(CONTRIBUTION.c.surviving, CONTRIBUTION.c.written, ARTICLE.c.id)
WROTE = CONTRIBUTION.c.article == ARTICLE.c.id
MOST_FIRST = (
    CONTRIBUTION.c.surviving.desc(),
    CONTRIBUTION.c.written.desc(),
)


class SqlContributions:
    """Contributions in the table contribution."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, article: int, seq: int, rows: Iterable[tuple[str, int, int]]) -> None:
        """Keep the promise of Contributions.replace."""
        written = list(rows)
        told = [(article, author, seq, *counts) for author, *counts in written]
        here = CONTRIBUTION.c.article == article
        with self._database.writing() as connection:
            take_turn(connection, article)
            know(connection, {author for author, *_ in written})
            if (connection.scalar(select(func.max(CONTRIBUTION.c.seq)).where(here)) or 0) <= seq:
                connection.execute(delete(CONTRIBUTION).where(here))
                insert_many(connection, CONTRIBUTION, told)

    def of_article(self, article: int) -> list[Contribution]:
        """Keep the promise of Contributions.of_article."""
        return self.of_articles([article])[article]

    def of_articles(self, articles: Iterable[int]) -> dict[int, list[Contribution]]:
        """Keep the promise of Contributions.of_articles."""
        listed: dict[int, list[Contribution]] = {article: [] for article in articles}
        query = select(*COLUMNS).where(CONTRIBUTION.c.article.in_(listed))
        with self._database.reading() as connection:
            rows = [Contribution(*row) for row in connection.execute(query)]
        for row in sorted(rows, key=by_share):
            listed[row.article].append(row)
        return listed

    def of_author(
        self,
        author: str,
        limit: int = 50,
        after: ContributionPlace | None = None,
        *,
        only_public: bool = False,
    ) -> list[Contributed]:
        """Keep the promise of Contributions.of_author."""
        query = QUERY.add_columns(*COLUMNS).join(CONTRIBUTION, WROTE)
        query = query.where(_by(author, only_public)).order_by(*MOST_FIRST, ARTICLE.c.id.desc())
        if after is not None:
            query = query.where(after > PLACE)
        return self._contributed(query.limit(limit))

    def total(self, author: str, *, only_public: bool = False) -> Total:
        """Keep the promise of Contributions.total."""
        columns = CONTRIBUTION.c
        sums = [
            func.coalesce(func.sum(column), 0) for column in (columns.written, columns.surviving)
        ]
        query = select(func.count(), *sums).join_from(CONTRIBUTION, ARTICLE, WROTE)
        with self._database.reading() as connection:
            return Total(*map(int, connection.execute(query.where(_by(author, only_public))).one()))

    def _contributed(self, query: Select[Any]) -> list[Contributed]:
        with self._database.reading() as connection:
            rows = [tuple(row) for row in connection.execute(query)]
        names = [column.name for column in QUERY.selected_columns]
        cut = len(names)
        return [
            Contributed(Article(**dict(zip(names, row, strict=False))), Contribution(*row[cut:]))
            for row in rows
        ]


def _by(author: str, only_public: bool) -> ColumnElement[bool]:  # noqa: FBT001 - private
    mine = CONTRIBUTION.c.author == author
    return mine & (ARTICLE.c.visibility == "public") if only_public else mine
