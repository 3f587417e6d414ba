"""The promises of persistence.contributions.Contributions."""

import pytest

from persistence.contributions import Contribution, Total
from persistence.errors import UnknownArticle, UnknownAuthor
from persistence.store import Store
from tests.support.stores import begun, known


@pytest.fixture
def article(store: Store) -> int:
    known(store, "ada", "bob", "carol")
    return begun(store).id


def told(store: Store, slug: str, written: int, surviving: int, author: str = "ada") -> int:
    article = begun(store, slug).id
    store.contributions.replace(article, 1, [(author, written, surviving)])
    return article


def test_contributions_are_read_as_they_were_told(store: Store, article: int) -> None:
    store.contributions.replace(article, 7, [("ada", 10, 3), ("bob", 5, 5)])
    assert list(store.contributions.of_article(article)) == [
        Contribution(article, "bob", 7, 5, 5),
        Contribution(article, "ada", 7, 10, 3),
    ]


def test_of_equal_survivals_who_wrote_more_is_first(store: Store, article: int) -> None:
    rows = [("carol", 5, 5), ("bob", 5, 5), ("ada", 6, 5)]
    store.contributions.replace(article, 7, rows)
    listed = store.contributions.of_article(article)
    assert [row.author for row in listed] == ["ada", "bob", "carol"]


def test_they_take_the_place_of_older_ones(store: Store, article: int) -> None:
    store.contributions.replace(article, 7, [("ada", 10, 3), ("bob", 5, 5)])
    store.contributions.replace(article, 8, [("ada", 11, 4)])
    assert list(store.contributions.of_article(article)) == [Contribution(article, "ada", 8, 11, 4)]
    store.contributions.replace(article, 8, [("ada", 11, 5)])
    assert store.contributions.of_article(article)[0].surviving == 5


def test_what_is_newer_stays(store: Store, article: int) -> None:
    store.contributions.replace(article, 8, [("ada", 11, 4)])
    store.contributions.replace(article, 7, [("bob", 1, 1)])
    assert [row.author for row in store.contributions.of_article(article)] == ["ada"]


def test_several_articles_are_told_at_once(store: Store, article: int) -> None:
    one, two = told(store, "one", 4, 2), told(store, "two", 3, 3)
    told(store, "three", 3, 3)
    assert store.contributions.of_articles([one, two, article]) == {
        one: [Contribution(one, "ada", 1, 4, 2)],
        two: [Contribution(two, "ada", 1, 3, 3)],
        article: [],
    }
    assert store.contributions.of_articles([]) == {}


@pytest.mark.usefixtures("article")
def test_an_author_has_articles_with_most_that_survives_first(store: Store) -> None:
    for slug, written, surviving in (("a", 9, 1), ("b", 3, 3), ("c", 4, 3), ("d", 4, 3)):
        told(store, slug, written, surviving)
    told(store, "e", 99, 99, author="bob")
    listed = store.contributions.of_author("ada")
    assert [one.article.slug for one in listed] == ["d", "c", "b", "a"]
    assert listed[0].article == store.articles.get("d")
    assert listed[0].contribution == Contribution(listed[0].article.id, "ada", 1, 4, 3)


@pytest.mark.usefixtures("article")
def test_a_listing_goes_on_where_a_page_ended(store: Store) -> None:
    for number in range(7):
        told(store, f"article-{number}", 5, number // 3)
    whole, pages = list(store.contributions.of_author("ada")), []
    while page := store.contributions.of_author("ada", 2, pages[-1].place if pages else None):
        assert len(page) <= 2
        pages += page
    assert pages == whole
    assert len(whole) == 7


@pytest.mark.usefixtures("article")
def test_private_articles_can_be_left_out(store: Store) -> None:
    told(store, "open", 5, 4)
    told(store, "closed", 3, 2)
    store.articles.set_visibility("closed", "private")
    shown = store.contributions.of_author("ada", only_public=True)
    assert [one.article.slug for one in shown] == ["open"]
    assert len(store.contributions.of_author("ada")) == 2
    assert store.contributions.total("ada") == Total(2, 8, 6)
    assert store.contributions.total("ada", only_public=True) == Total(1, 5, 4)


@pytest.mark.usefixtures("article")
def test_who_wrote_nothing_has_nothing(store: Store) -> None:
    assert list(store.contributions.of_author("carol")) == []
    assert store.contributions.total("carol") == Total(0, 0, 0)


def test_what_is_unknown_changes_nothing(store: Store, article: int) -> None:
    store.contributions.replace(article, 7, [("ada", 10, 3)])
    with pytest.raises(UnknownAuthor):
        store.contributions.replace(article, 8, [("ada", 1, 1), ("mallory", 1, 1)])
    with pytest.raises(UnknownArticle):
        store.contributions.replace(article + 1, 8, [("ada", 1, 1)])
    assert [row.seq for row in store.contributions.of_article(article)] == [7]
