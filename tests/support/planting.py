"""Storing a log that was made elsewhere: every row with its own time, all of them at once."""

from sqlalchemy import update

from persistence.articles import Article
from persistence.log import Entry
from persistence.models import Article as ArticleRow
from persistence.models import LoggedUpdate, table
from persistence.sql.bulk import insert_many
from persistence.store import MemoryStore, SqlStore, Store
from tests.support.longarticle import PEOPLE, Log
from tests.support.stores import begun, known


def plant(store: Store, log: Log, slug: str = "long", rows: int | None = None) -> Article:
    """Store an article with the first rows of a log, or all of them, and its people."""
    if not store.authors.many(PEOPLE):
        known(store, *PEOPLE)
    article = begun(store, slug)
    store.replace_owners(article.id, log.owners)
    grow(store, article, log, rows)
    return store.articles.get(slug)


def grow(store: Store, article: Article, log: Log, rows: int | None = None) -> None:
    """Let an article that has the beginning of the log have this much of it."""
    head = store.log.heads([article.id])[article.id]
    entries = [
        Entry(article.id, seq, edit.author, at, edit.payload, edit.carried)
        for seq, (at, edit) in enumerate(log.edits[head:rows], head + 1)
    ]
    if isinstance(store, MemoryStore):
        store._shelf.binder(article.id).log.extend(entries)
    else:
        assert isinstance(store, SqlStore)
        _insert(store, article, entries)


def _insert(store: SqlStore, article: Article, entries: list[Entry]) -> None:
    rows = [(e.article, e.seq, e.author, e.at, e.payload, e.carried) for e in entries]
    with store.log._database.writing() as connection:
        insert_many(connection, table(LoggedUpdate), rows)
        articles = table(ArticleRow)
        head = update(articles).where(articles.c.id == article.id)
        connection.execute(head.values(head=entries[-1].seq))
