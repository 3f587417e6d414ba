"""The promises of persistence.store.Store."""

import pytest

from persistence.errors import UnknownArticle, UnknownAuthor
from persistence.log import Append, Row
from persistence.store import Store, open_store
from tests.support.stores import NOON, begun, known, wrote


def furnished(store: Store, slug: str) -> int:
    """Store an article with something in every table."""
    article = begun(store, slug).id
    store.log.append([Append(article, 0, (Row("ada", b"x"),), {1: "ada"})], NOON)
    store.checkpoints.put(article, 1, b"state", b"who")
    store.revisions.add(article, 1, NOON, "First", "ada", "xyz", [(0, 3, "ada")])
    return article


def test_wiping_leaves_the_truth_and_the_headings(store: Store) -> None:
    article = furnished(store, "bach2")
    truth = store.articles.get("bach2"), list(store.log.read(article))
    headings = list(store.revisions.list(article))
    store.wipe_derived(article)
    assert (store.articles.get("bach2"), list(store.log.read(article))) == truth
    assert list(store.revisions.list(article)) == headings


def test_wiping_forgets_what_follows_from_the_log(store: Store) -> None:
    article = furnished(store, "bach2")
    store.wipe_derived(article)
    assert store.log.owners(article) == {}
    assert store.checkpoints.latest(article) is None
    assert (store.revisions.text(article, 1), store.revisions.spans(article, 1)) == ("", ())


def test_wiping_one_article_leaves_the_others(store: Store) -> None:
    one, other = furnished(store, "one"), furnished(store, "other")
    store.wipe_derived(one)
    assert store.log.owners(other) == {1: "ada"}
    assert store.checkpoints.latest(other) is not None
    assert store.revisions.spans(other, 1) == ((0, 3, "ada"),)


def test_owners_can_be_told_anew(store: Store) -> None:
    article = furnished(store, "bach2")
    known(store, "bob")
    store.replace_owners(article, {2: "bob", 3: "ada"})
    assert store.log.owners(article) == {2: "bob", 3: "ada"}
    store.replace_owners(article, {})
    assert store.log.owners(article) == {}


def test_owners_that_nobody_knows_change_nothing(store: Store) -> None:
    article = furnished(store, "bach2")
    with pytest.raises(UnknownAuthor):
        store.replace_owners(article, {2: "mallory"})
    assert store.log.owners(article) == {1: "ada"}


def test_an_unknown_article_has_nothing_to_wipe_or_tell(store: Store) -> None:
    with pytest.raises(UnknownArticle):
        store.wipe_derived(1)
    with pytest.raises(UnknownArticle):
        store.replace_owners(1, {})


def test_everything_is_there_when_opened_again(url: str) -> None:
    first = open_store(url)
    article = furnished(first, "bach2")
    first.close()
    again = open_store(url)
    assert again.articles.get("bach2").head == 1
    assert again.log.owners(article) == {1: "ada"}
    assert again.revisions.text(article, 1) == "xyz"
    again.close()


def test_two_stores_of_one_database_see_each_other(url: str) -> None:
    one, other = open_store(url), open_store(url)
    article = begun(one)
    wrote(other, article, b"from the other")
    assert [entry.payload for entry in one.log.read(article.id)] == [b"from the other"]
    one.close()
    other.close()
