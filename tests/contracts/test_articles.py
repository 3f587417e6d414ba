"""The promises of persistence.articles.Articles."""

from datetime import UTC

import pytest

from persistence.articles import Article
from persistence.errors import SlugTaken, UnknownArticle, UnknownAuthor
from persistence.store import Store
from tests.support.stores import NOON, after, begun, known, wrote


def slugs(articles: object) -> list[str]:
    return [article.slug for article in articles]


def test_a_new_article_is_empty_and_public(store: Store) -> None:
    known(store, "ada")
    article = store.articles.create("bach2", "Bach2", "ada", at=NOON)
    assert article == Article(article.id, "bach2", "Bach2", 0, "ada", NOON, "public", NOON)


def test_an_article_is_found_by_its_slug(store: Store) -> None:
    article = begun(store)
    assert store.articles.get("bach2") == article


def test_an_unknown_slug_is_refused(store: Store) -> None:
    begun(store, "bach2")
    with pytest.raises(UnknownArticle, match="bach3") as refused:
        store.articles.get("bach3")
    assert refused.value.code == "unknown-article"


def test_slugs_differ_by_case(store: Store) -> None:
    lower, upper = begun(store, "bach2"), begun(store, "BACH2")
    assert store.articles.get("bach2") == lower
    assert store.articles.get("BACH2") == upper


def test_a_slug_is_taken_once(store: Store) -> None:
    article = begun(store)
    with pytest.raises(SlugTaken, match="bach2"):
        store.articles.create("bach2", "Another", "ada", at=NOON)
    assert store.articles.list() == [article]


def test_an_article_needs_a_known_author(store: Store) -> None:
    with pytest.raises(UnknownAuthor, match="mallory"):
        store.articles.create("bach2", "Bach2", "mallory", at=NOON)
    assert store.articles.list() == []


def test_the_head_is_the_last_seq(store: Store) -> None:
    article = begun(store)
    wrote(store, article, b"a", b"b")
    assert store.articles.get("bach2").head == 2


def test_a_change_has_the_time_of_the_last_row(store: Store) -> None:
    article = begun(store)
    wrote(store, article, b"a", at=after(minutes=1))
    wrote(store, article, b"b", at=after(minutes=2))
    changed = store.articles.get("bach2")
    assert (changed.created_at, changed.changed_at) == (NOON, after(minutes=2))
    assert changed.changed_at.tzinfo is UTC


def test_the_newest_change_is_listed_first(store: Store) -> None:
    one, _, three = (begun(store, slug) for slug in ("one", "two", "three"))
    wrote(store, three, b"x", at=after(minutes=1))
    wrote(store, one, b"x", at=after(minutes=2))
    assert slugs(store.articles.list()) == ["one", "three", "two"]


def test_of_equal_times_the_younger_article_is_first(store: Store) -> None:
    for slug in ("one", "two", "three"):
        begun(store, slug)
    assert slugs(store.articles.list()) == ["three", "two", "one"]


def test_a_listing_goes_on_where_a_page_ended(store: Store) -> None:
    articles = [begun(store, f"article-{number}") for number in range(7)]
    for minute, article in enumerate(articles[::2]):
        wrote(store, article, b"x", at=after(minutes=minute))
    whole, pages = list(store.articles.list()), []
    while page := store.articles.list(limit=2, before=pages[-1].place if pages else None):
        assert len(page) <= 2
        pages += page
    assert pages == whole
    assert len(whole) == 7


def test_a_listing_can_leave_out_what_is_private(store: Store) -> None:
    known(store, "ada")
    store.articles.create("open", "Open", "ada", at=NOON)
    store.articles.create("closed", "Closed", "ada", "private", at=NOON)
    assert slugs(store.articles.list(visibility="public")) == ["open"]
    assert slugs(store.articles.list(visibility="private")) == ["closed"]


def test_a_title_can_change(store: Store) -> None:
    article = begun(store)
    assert store.articles.set_title("bach2", "BACH2 🌿").title == "BACH2 🌿"
    assert store.articles.get("bach2").id == article.id


def test_an_article_can_become_private(store: Store) -> None:
    begun(store)
    assert store.articles.set_visibility("bach2", "private").visibility == "private"
    assert store.articles.get("bach2").visibility == "private"


def test_what_is_unknown_cannot_change(store: Store) -> None:
    with pytest.raises(UnknownArticle):
        store.articles.set_title("bach2", "Bach2")
    with pytest.raises(UnknownArticle):
        store.articles.set_visibility("bach2", "public")
