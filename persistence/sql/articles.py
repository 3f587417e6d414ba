"""The articles in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from persistence import models
from persistence.articles import Article, Place, Visibility
from persistence.errors import SlugTaken, UnknownArticle
from persistence.instant import Instant
from persistence.sql.database import Database, know, take_turn
from persistence.sql.fulltext import put_text, text_of
from persistence.words import words_of

ARTICLE = models.table(models.Article)
LOG = models.table(models.LoggedUpdate)
CHANGED = func.coalesce(LOG.c.at, ARTICLE.c.created_at, type_=Instant).label("changed_at")
LAST_ROW = and_(LOG.c.article == ARTICLE.c.id, LOG.c.seq == ARTICLE.c.head)
QUERY = select(ARTICLE, CHANGED).outerjoin(LOG, LAST_ROW)


class SqlArticles:
    """Articles in the table article."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        slug: str,
        title: str,
        created_by: str,
        visibility: Visibility = "public",
        *,
        at: datetime,
    ) -> Article:
        """Keep the promise of Articles.create."""
        row = {
            "slug": slug,
            "title": title,
            "head": 0,
            "created_by": created_by,
            "created_at": at,
            "visibility": visibility,
        }
        try:
            with self._database.writing() as connection:
                know(connection, {created_by})
                made = connection.execute(insert(ARTICLE).returning(ARTICLE.c.id), row).scalar_one()
                put_text(connection, made, 0, "", words_of(title), words_of(title))
        except IntegrityError as error:
            if self._find(slug) is None:
                raise
            raise SlugTaken(f"There is an article {slug} already.") from error
        return self.get(slug)

    def get(self, slug: str) -> Article:
        """Keep the promise of Articles.get."""
        article = self._find(slug)
        if article is None:
            raise UnknownArticle(f"There is no article {slug}.")
        return article

    def list(
        self, limit: int = 50, before: Place | None = None, visibility: Visibility | None = None
    ) -> Sequence[Article]:
        """Keep the promise of Articles.list."""
        query = QUERY.order_by(CHANGED.desc(), ARTICLE.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(tuple_(CHANGED, ARTICLE.c.id) < before)
        if visibility is not None:
            query = query.where(ARTICLE.c.visibility == visibility)
        return self._articles(query)

    def set_title(self, slug: str, title: str) -> Article:
        """Keep the promise of Articles.set_title."""
        while not self._retitle(self.get(slug), title):
            pass  # the text is another one meanwhile
        return self.get(slug)

    def set_visibility(self, slug: str, visibility: Visibility) -> Article:
        """Keep the promise of Articles.set_visibility."""
        return self._set(slug, visibility=visibility)

    def _retitle(self, article: Article, title: str) -> bool:
        """Change a title and what the article is found by, if its text is what it was before."""
        with self._database.reading() as connection:
            newest = text_of(connection, article.id)
        words = words_of(title, newest[1]) if newest else ()
        with self._database.writing() as connection:
            take_turn(connection, article.id)
            if text_of(connection, article.id) != newest:
                return False
            connection.execute(
                update(ARTICLE).where(ARTICLE.c.id == article.id).values(title=title)
            )
            if newest:
                put_text(connection, article.id, *newest, words_of(title), words)
            return True

    def _set(self, slug: str, **values: str) -> Article:
        with self._database.writing() as connection:
            connection.execute(update(ARTICLE).where(ARTICLE.c.slug == slug).values(values))
        return self.get(slug)

    def _find(self, slug: str) -> Article | None:
        return next(iter(self._articles(QUERY.where(ARTICLE.c.slug == slug))), None)

    def _articles(self, query: Select[Any]) -> Sequence[Article]:
        with self._database.reading() as connection:
            return [Article(**row) for row in connection.execute(query).mappings()]
