"""Connections for reading and for writing; trouble with them is told."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select, text

from persistence import models
from persistence.errors import UnknownArticle, UnknownAuthor
from persistence.sql.pipeline import Pipeline
from persistence.sql.shortcut import Shortcut
from persistence.sql.trouble import told

AUTHOR = models.table(models.Author)
ARTICLE = models.table(models.Article)

DERIVING = 0x70616C69  # one number for all processes: "pali"
TURN = text("SELECT pg_advisory_xact_lock(:deriving, :article)")
WRITING = "palimpsest_writing"  # the execution option that makes SQLite take its lock at once


class Database:
    """One engine, three doors; a transaction ends with its block, committed or without trace."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{WRITING: True})
        self.shortcut = Shortcut(engine) if engine.dialect.name == "sqlite" else None
        self.pipeline = Pipeline(engine) if engine.dialect.name == "postgresql" else None

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

    def close(self) -> None:
        """Let go of every connection."""
        for kept in (self.shortcut, self.pipeline):
            if kept is not None:
                kept.close()
        self.engine.dispose()


def lock_article(connection: Connection, article: int) -> None:
    """Keep all other writers of an article out until the transaction ends. UnknownArticle."""
    query = select(ARTICLE.c.id).where(ARTICLE.c.id == article).with_for_update()
    if connection.scalar(query) is None:
        raise UnknownArticle(f"There is no article {article}.")


def take_turn(connection: Connection, article: int) -> None:
    """Keep other writers of what follows from the log out, till the transaction ends.

    On PostgreSQL the log's own writers go on: a lock of the article's row would hold them up.
    UnknownArticle.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(TURN, {"deriving": DERIVING, "article": article})
    expect(connection, article)


def expect(connection: Connection, article: int) -> None:
    """Raise UnknownArticle unless the article is stored."""
    if connection.scalar(select(ARTICLE.c.id).where(ARTICLE.c.id == article)) is None:
        raise UnknownArticle(f"There is no article {article}.")


def know(connection: Connection, authors: Iterable[str | None]) -> None:
    """Raise UnknownAuthor unless all these authors are stored; None is the server."""
    named = {author for author in authors if author is not None}
    query = select(AUTHOR.c.id).where(AUTHOR.c.id.in_(named))
    strangers = named.difference(connection.scalars(query))
    if strangers:
        raise UnknownAuthor(f"There are no authors {', '.join(sorted(strangers))}.")
