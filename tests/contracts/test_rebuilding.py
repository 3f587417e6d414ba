"""All tables that follow from the truth can be emptied, and come back row by row (law 4)."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from persistence import schema
from persistence.models import Base
from persistence.store import Store, open_store
from server.rebuild import rebuild
from tests.support.people import ROOT
from tests.support.sqlstory import tell
from tests.support.stores import NOON

TRUTH = {"author", "article", "update_log", "revision_mark", "quarantine", "secret"}
DERIVED = [table for table in Base.metadata.sorted_tables if table.name not in TRUTH]
MARKED = {"revision", "revision_span", "revision_author", "revision_loss", "revision_section"}
EVERY = 4  # rows of the log between two checkpoints


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The story, after a rebuild: all that can be there is there."""
    store = open_store(url)
    tell(store)
    store.articles.create("empty", "Nothing yet", "ada", at=NOON)
    rebuilt(store)
    yield store
    store.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = schema.engine(url)
    yield engine
    engine.dispose()


def rebuilt(store: Store) -> None:
    for article in store.articles.list():
        rebuild(store, article.id, ROOT, EVERY)


def rows(engine: Engine, names: set[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Read tables whole, in order of their keys."""
    tables = [table for table in Base.metadata.sorted_tables if table.name in names]
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(_all(table))] for table in tables
        }


def _all(table: Any) -> Any:
    return select(table).order_by(*table.primary_key.columns)


def test_the_story_fills_every_table(store: Store, engine: Engine) -> None:
    assert len(store.articles.list()) == 3
    empty = {name for name, found in rows(engine, {t.name for t in DERIVED}).items() if not found}
    assert empty <= {"frame"}  # the story is too short for one


def test_what_was_kept_as_it_happened_is_what_a_rebuild_makes(url: str, engine: Engine) -> None:
    store = open_store(url)
    tell(store)
    names = MARKED | {"article_text", "contribution"}
    before = rows(engine, names)
    rebuilt(store)
    assert rows(engine, names) == before
    store.close()


def test_emptied_tables_come_back_row_by_row(store: Store, engine: Engine) -> None:
    names = {table.name for table in DERIVED}
    before = rows(engine, names)
    with engine.begin() as connection:
        for table in reversed(DERIVED):
            connection.execute(delete(table))
    assert not any(rows(engine, names).values())
    rebuilt(store)
    assert rows(engine, names) == before
    assert [found.article.slug for found in store.texts.search("bzip")] == ["bach2"]
    assert [found.article.slug for found in store.texts.search("nothing")] == ["empty"]


def test_wiping_forgets_all_of_one_article(store: Store, engine: Engine) -> None:
    one = store.articles.get("bach2").id
    names = {table.name for table in DERIVED}
    before = rows(engine, names)
    store.wipe_derived(one)
    place = {table.name: [*table.columns.keys()].index("article") for table in DERIVED}
    left = {
        name: [row for row in found if row[place[name]] != one] for name, found in before.items()
    }
    assert rows(engine, names) == left
    rebuilt(store)
    assert rows(engine, names) == before
