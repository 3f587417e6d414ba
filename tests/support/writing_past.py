"""Histories of several people in a store, row by row."""

from collections.abc import Sequence

from crdt.edit import Edit
from persistence.articles import Article
from persistence.edits import row_of
from persistence.log import Append
from persistence.store import Store
from tests.support import stores

PEOPLE = ("ada", "bo", "cy", "di")


def begun(store: Store) -> Article:
    """Store an empty article, and the people of `people.history`."""
    stores.known(store, *PEOPLE)
    return stores.begun(store)


def store_rows(store: Store, article: Article, rows: Sequence[tuple[int, Edit]]) -> None:
    """Store what is missing of the rows, each a minute after the one before."""
    head = store.log.heads([article.id])[article.id]
    for seq, (_, edit) in list(enumerate(rows))[head:]:
        store.log.append([Append(article.id, seq, (row_of(edit),))], stores.after(minutes=seq))
