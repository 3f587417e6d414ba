"""The texts in SQL, and the search in them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, func, select, tuple_

from persistence import models
from persistence.articles import Article
from persistence.errors import UnknownArticle
from persistence.query import Query, parse
from persistence.snippet import SEARCHED, snippet
from persistence.sql.articles import ARTICLE, CHANGED, QUERY
from persistence.sql.database import Database, take_turn
from persistence.sql.fulltext import has, put_text, text_of
from persistence.storable import storable
from persistence.texts import ArticleText, Found, FoundPlace
from persistence.words import words_of

TEXT = models.table(models.ArticleText)


class SqlTexts:
    """Texts in the table article_text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, article: int, seq: int, text: str) -> None:
        """Keep the promise of Texts.put; words are looked for while nobody waits for the lock."""
        kept, title = storable(text), self._title(article)
        while not self._put(article, seq, kept, title, words_of(title, kept)):
            title = self._title(article)

    def get(self, article: int) -> ArticleText | None:
        """Keep the promise of Texts.get."""
        with self._database.reading() as connection:
            newest = text_of(connection, article)
        return None if newest is None else ArticleText(article, *newest)

    def openings(self, articles: Iterable[int], length: int = 280) -> dict[int, str]:
        """Keep the promise of Texts.openings."""
        with self._database.reading() as connection:
            return _openings(connection, articles, length)

    def search(
        self,
        query: str,
        limit: int = 20,
        after: FoundPlace | None = None,
        *,
        only_public: bool = True,
    ) -> list[Found]:
        """Keep the promise of Texts.search."""
        asked = parse(query)
        if not asked:
            return []
        with self._database.reading() as connection:
            found = _searching(connection.dialect.name, asked, after, only_public).limit(limit)
            rows = connection.execute(found).mappings().all()
            texts = _openings(connection, [row["id"] for row in rows], SEARCHED + 1)
        return [_found(asked, texts[row["id"]], **row) for row in rows]

    def _title(self, article: int) -> str:
        with self._database.reading() as connection:
            title = _title(connection, article)
        if title is None:
            raise UnknownArticle(f"There is no article {article}.")
        return title

    def _put(self, article: int, seq: int, text: str, title: str, words: tuple[str, ...]) -> bool:
        """Keep a text with its words, unless the article has got another title meanwhile."""
        with self._database.writing() as connection:
            take_turn(connection, article)
            if _title(connection, article) != title:
                return False
            put_text(connection, article, seq, text, words_of(title), words)
            return True


def _title(connection: Connection, article: int) -> str | None:
    return connection.scalar(select(ARTICLE.c.title).where(ARTICLE.c.id == article))


def _openings(connection: Connection, articles: Iterable[int], length: int) -> dict[int, str]:
    query = select(TEXT.c.article, func.substr(TEXT.c.text, 1, length))
    rows = connection.execute(query.where(TEXT.c.article.in_([*articles])))
    return dict(map(tuple, rows))


def _searching(
    dialect: str,
    query: Query,
    after: FoundPlace | None,
    only_public: bool,  # noqa: FBT001 - private
) -> Select[Any]:
    in_title = has(dialect, TEXT.c.title_words, query).label("in_title")
    found = QUERY.add_columns(in_title).join(TEXT, TEXT.c.article == ARTICLE.c.id)
    found = found.where(has(dialect, TEXT.c.words, query))
    if only_public:
        found = found.where(ARTICLE.c.visibility == "public")
    if after is not None:
        found = found.where(tuple_(in_title, CHANGED, ARTICLE.c.id) < after)
    return found.order_by(in_title.desc(), CHANGED.desc(), ARTICLE.c.id.desc())


def _found(query: Query, text: str, *, in_title: bool, **article: Any) -> Found:
    return Found(Article(**article), in_title, snippet(text, query))
