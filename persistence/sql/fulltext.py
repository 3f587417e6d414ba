"""The full-text search of each database; both are given words, and neither looks for any itself."""

from collections.abc import Iterable

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    cast,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from persistence import models
from persistence.query import Query, Token, write

TEXT = models.table(models.ArticleText)
INDEX: ColumnElement[str] = literal_column("article_words")  # SQLite's FTS5 table, as a column
ROW: ColumnElement[int] = literal_column("rowid")
PUT = (
    "INSERT INTO article_text (article, seq, text, title_words, words)"
    " VALUES (:article, :seq, :text, {title_words}, {words})"
    " ON CONFLICT (article) DO UPDATE SET seq = excluded.seq, text = excluded.text,"
    " title_words = excluded.title_words, words = excluded.words"
    " WHERE article_text.seq <= excluded.seq"
)
PUTS = {
    "sqlite": text(PUT.format(title_words=":title_words", words=":words")),
    "postgresql": text(
        PUT.format(title_words="CAST(:title_words AS tsvector)", words="CAST(:words AS tsvector)")
    ),
}


def put_text(
    connection: Connection,
    article: int,
    seq: int,
    content: str,
    title_words: Iterable[str],
    words: Iterable[str],
) -> None:
    """Store the text of an article and what it is found by, unless what is there is newer."""
    row = {"article": article, "seq": seq, "text": content}
    row |= {"title_words": " ".join(title_words), "words": " ".join(words)}
    connection.execute(PUTS[connection.dialect.name], row)


def text_of(connection: Connection, article: int) -> tuple[int, str] | None:
    """Give seq and text that are kept of an article."""
    query = select(TEXT.c.seq, TEXT.c.text).where(TEXT.c.article == article)
    row = connection.execute(query).first()
    return None if row is None else (row.seq, row.text)


def has(dialect: str, words: Column[str], query: Query) -> ColumnElement[bool]:
    """Whether a row of article_text has, in this column, what the query asks for."""
    if dialect == "postgresql":
        asked = cast(literal(_tsquery(query)), TSQUERY)
        return words.op("@@", return_type=Boolean())(asked)
    found = INDEX.op("MATCH", return_type=Boolean())(literal(_fts5(words.name, query)))
    return TEXT.c.article.in_(select(ROW).select_from(text("article_words")).where(found))


def _tsquery(query: Query) -> str:
    def token(asked: Token) -> str:
        return f"'{asked.word}'" + (":*" if asked.is_prefix else "")

    return write(query, token, " & ", " | ")


def _fts5(name: str, query: Query) -> str:
    def token(asked: Token) -> str:
        return f'"{asked.word}"' + (" *" if asked.is_prefix else "")

    return f"{name} : ({write(query, token, ' AND ', ' OR ')})"
