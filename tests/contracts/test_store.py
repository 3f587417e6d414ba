"""The promises of persistence.store.Store."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from persistence.errors import UnknownArticle, UnknownAuthor
from persistence.frames import Frame
from persistence.log import Append, Row
from persistence.revisions import Digest, Mark
from persistence.store import Store, open_store
from tests.support.stores import NOON, begun, known, wrote

DIGEST = Digest("xyz", ((0, 3, "ada"),), (("ada", 3, 0, 0),), b"\x01\x01\x03")


def furnished(store: Store, slug: str) -> int:
    """Store an article with something in every table."""
    article = begun(store, slug).id
    store.log.append([Append(article, 0, (Row("ada", b"x"),), {1: "ada"})], NOON)
    store.checkpoints.put(article, 1, b"state", b"who")
    store.revisions.add(article, Mark(1, NOON, "named", "First", "", "ada"), DIGEST)
    store.frames.put([Frame(article, 0, 0, 0, 1, NOON, NOON, ("ada",), b"x", b"who")])
    store.texts.put(article, 1, "xyz")
    store.contributions.replace(article, 1, [("ada", 3, 3)])
    return article


def test_wiping_leaves_the_truth(store: Store) -> None:
    article = furnished(store, "bach2")
    truth = store.articles.get("bach2"), list(store.log.read(article))
    marks = list(store.revisions.marks(article))
    store.wipe_derived(article)
    assert (store.articles.get("bach2"), list(store.log.read(article))) == truth
    assert list(store.revisions.marks(article)) == marks
    assert len(marks) == 1


def test_wiping_forgets_what_follows_from_the_log(store: Store) -> None:
    article = furnished(store, "bach2")
    store.wipe_derived(article)
    assert store.log.owners(article) == {}
    assert store.checkpoints.latest(article) is None
    assert list(store.revisions.list(article)) == []
    assert list(store.frames.read(article, 0)) == []
    assert store.texts.get(article) is None
    assert list(store.texts.search("xyz")) == list(store.texts.search("bach2")) == []
    assert list(store.contributions.of_article(article)) == []


def test_wiping_one_article_leaves_the_others(store: Store) -> None:
    one, other = furnished(store, "one"), furnished(store, "other")
    store.wipe_derived(one)
    assert store.log.owners(other) == {1: "ada"}
    assert store.checkpoints.latest(other) is not None
    assert store.revisions.spans(other, 1) == ((0, 3, "ada"),)
    assert store.revisions.counts(other, [1]) == {1: (("ada", 3, 0, 0),)}
    assert len(list(store.frames.read(other, 0))) == 1
    assert [found.article.id for found in store.texts.search("xyz")] == [other]
    assert len(store.contributions.of_article(other)) == 1


def test_wiping_and_telling_anew_at_once_end_well(store: Store) -> None:
    article = furnished(store, "bach2")

    def act(number: int) -> None:
        match number % 3:
            case 0:
                store.wipe_derived(article)
            case 1:
                made = store.revisions.add(article, Mark(number, NOON, "quiet"), DIGEST)
                assert made.seq == number
            case _:
                store.texts.put(article, number, "xyz")
                store.contributions.replace(article, number, [("ada", 3, 3)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(act, range(2, 62)))
    assert len(store.revisions.marks(article)) == 1 + 20


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
