"""Rules of the tables that only our own mistake can break: they stay what they are, no answer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from persistence.store import Store, open_store
from tests.support import stores
from tests.support.stores import NOON, known


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(stores.sqlite(tmp_path).new_url())
    yield store
    store.close()


def test_an_article_is_public_or_private(store: Store) -> None:
    known(store, "ada")
    wrong: Any = "secret"
    with pytest.raises(IntegrityError, match="ck_article_visibility"):
        store.articles.create("bach2", "Bach2", "ada", wrong, at=NOON)


def test_an_author_is_a_person_or_a_bot(store: Store) -> None:
    [ada] = known(store, "ada")
    wrong: Any = "cat"
    with pytest.raises(IntegrityError, match="ck_author_kind"):
        store.authors.create(replace(ada, id="tom", handle="tom", kind=wrong))
