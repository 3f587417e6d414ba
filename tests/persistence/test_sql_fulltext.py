"""persistence/sql/fulltext.py: the indexes follow their table, and are used."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from persistence import schema
from persistence.query import parse
from persistence.sql.fulltext import TEXT, has
from persistence.store import Store, open_store
from tests.support import postgres, stores
from tests.support.stores import begun

CHECK = "INSERT INTO article_words (article_words, rank) VALUES ('integrity-check', 1)"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return stores.sqlite(tmp_path).new_url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_store(url)
    yield store
    store.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = schema.engine(url)
    yield engine
    engine.dispose()


def test_sqlites_index_has_what_the_table_has(store: Store, engine: Engine) -> None:
    articles = [begun(store, f"article-{number}").id for number in range(9)]
    for turn, article in enumerate(articles * 3):
        store.texts.put(article, turn, f"text {turn} β-catenin 東京大学 " + "word " * turn)
        store.articles.set_title(f"article-{turn % 9}", f"Title {turn}")
        if turn % 4 == 0:
            store.wipe_derived(article)
    with engine.begin() as connection:
        connection.execute(text(CHECK))
        rows = connection.execute(text("SELECT count(*) FROM article_words")).scalar()
        assert rows == connection.execute(text("SELECT count(*) FROM article_text")).scalar()


def test_a_row_that_somebody_deletes_by_hand_is_found_no_longer(
    store: Store, engine: Engine
) -> None:
    store.texts.put(begun(store).id, 1, "represses")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM article_text"))
        connection.execute(text(CHECK))
    assert list(store.texts.search("represses")) == []


def test_postgresql_searches_in_its_index() -> None:
    with postgres.running() as server:
        engine = schema.engine(stores.postgresql(server).new_url())
        asked = TEXT.select().where(has("postgresql", TEXT.c.words, parse("IL-2 bach")))
        with engine.connect() as connection:
            connection.execute(text("SET enable_seqscan = off"))
            sql = asked.compile(engine, compile_kwargs={"literal_binds": True})
            plan = connection.exec_driver_sql(f"EXPLAIN {sql}").scalars().all()
        engine.dispose()
    assert any("ix_article_text_words" in line for line in plan), plan
