"""Connections for reading and for writing; trouble with them is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select

from persistence import models
from persistence.errors import UnknownArticle, UnknownAuthor
from persistence.sql.trouble import told

AUTHOR = models.table(models.Author)
ARTICLE = models.table(models.Article)

WRITING = "palimpsest_writing"  # the execution option that makes SQLite take its lock at once


class Database:
    """One engine with two doors; a transaction ends with its block, committed or without trace."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{WRITING: True})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database and changes nothing."""
        with told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that is durable when the block has ended without an exception."""
        with told(), self._writer.begin() as connection:
            yield connection


def lock_article(connection: Connection, article: int) -> None:
    """Keep all other writers of an article out until the transaction ends. UnknownArticle."""
    query = select(ARTICLE.c.id).where(ARTICLE.c.id == article).with_for_update()
    if connection.scalar(query) is None:
        raise UnknownArticle(f"There is no article {article}.")


def know(connection: Connection, authors: set[str]) -> None:
    """Raise UnknownAuthor unless all these authors are stored."""
    query = select(AUTHOR.c.id).where(AUTHOR.c.id.in_(authors))
    strangers = authors.difference(connection.scalars(query))
    if strangers:
        raise UnknownAuthor(f"There are no authors {', '.join(sorted(strangers))}.")
