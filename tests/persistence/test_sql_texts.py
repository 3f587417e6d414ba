"""persistence/sql/texts.py: what is found when title and text change at once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from persistence.sql import articles, texts
from persistence.store import Store, open_store
from persistence.words import words_of
from tests.support import stores
from tests.support.stores import begun


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(stores.sqlite(tmp_path).new_url())
    yield store
    store.close()


def meanwhile(act: Callable[[], None]) -> Callable[..., tuple[str, ...]]:
    """Look for words, and the first time let something happen before they are stored."""
    acts = [act]

    def looking(*given: Any) -> tuple[str, ...]:
        if acts:
            acts.pop()()
        return words_of(*given)

    return looking


def slugs(store: Store, query: str) -> list[str]:
    return [found.article.slug for found in store.texts.search(query)]


def test_a_text_is_found_by_the_title_that_it_gets_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = begun(store).id
    act = meanwhile(lambda: store.articles.set_title("bach2", "Prdm1") and None)
    monkeypatch.setattr(texts, "words_of", act)
    store.texts.put(article, 1, "represses")
    assert slugs(store, "prdm1 represses") == ["bach2"]
    assert slugs(store, "bach2") == []


def test_a_title_is_found_with_the_text_that_comes_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = begun(store).id
    act = meanwhile(lambda: store.texts.put(article, 1, "represses"))
    monkeypatch.setattr(articles, "words_of", act)
    store.articles.set_title("bach2", "Prdm1")
    assert slugs(store, "prdm1 represses") == ["bach2"]
    assert slugs(store, "bach2") == []


def test_an_article_whose_text_was_wiped_can_get_a_title(store: Store) -> None:
    store.wipe_derived(begun(store).id)
    assert store.articles.set_title("bach2", "Prdm1").title == "Prdm1"
    assert slugs(store, "prdm1") == []
