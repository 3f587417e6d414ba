"""The promises of persistence.revisions.Revisions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import pytest

from persistence.errors import UnknownArticle, UnknownAuthor, UnknownRevision
from persistence.revisions import Revision, Span
from persistence.store import Store
from tests.support.stores import NOON, after, begun, known

SPANS = [(0, 3, "ada"), (3, 2, "bob")]


def added(store: Store, article: int, text: str = "xyz🌿é", seq: int = 1) -> Revision:
    return store.revisions.add(article, seq, NOON, "First", "ada", text, SPANS)


@pytest.fixture
def article(store: Store) -> int:
    known(store, "ada", "bob")
    return begun(store).id


def test_a_revision_is_read_as_it_was_added(store: Store, article: int) -> None:
    revision = store.revisions.add(article, 7, after(days=1), "Né 🌿", "bob", "xyz🌿é", SPANS)
    assert revision == Revision(article, 1, 7, after(days=1), "Né 🌿", "bob")
    assert store.revisions.get(article, 1) == revision
    assert store.revisions.get(article, 1).at.tzinfo is UTC
    assert store.revisions.text(article, 1) == "xyz🌿é"
    assert store.revisions.spans(article, 1) == (Span(0, 3, "ada"), Span(3, 2, "bob"))


def test_numbers_are_dense_in_each_article(store: Store, article: int) -> None:
    other = begun(store, "other").id
    numbers = [added(store, which).number for which in (article, article, other, article)]
    assert numbers == [1, 2, 1, 3]


def test_revisions_are_listed_by_number(store: Store, article: int) -> None:
    revisions = [added(store, article, seq=seq) for seq in (5, 9)]
    assert list(store.revisions.list(article)) == revisions
    assert list(store.revisions.list(article + 1)) == []


def test_spans_come_in_order_of_their_starts(store: Store, article: int) -> None:
    store.revisions.add(article, 1, NOON, "", "ada", "xyz12", reversed(SPANS))
    assert store.revisions.spans(article, 1) == (Span(0, 3, "ada"), Span(3, 2, "bob"))


def test_a_revision_may_be_empty(store: Store, article: int) -> None:
    store.revisions.add(article, 0, NOON, "", "ada", "", ())
    assert (store.revisions.text(article, 1), store.revisions.spans(article, 1)) == ("", ())


def test_an_unknown_revision_is_refused(store: Store, article: int) -> None:
    added(store, article)
    for read in (store.revisions.get, store.revisions.text, store.revisions.spans):
        with pytest.raises(UnknownRevision, match="2"):
            read(article, 2)
    with pytest.raises(UnknownRevision):
        store.revisions.replace_text(article + 1, 1, "", ())


def test_an_unknown_article_has_no_revision(store: Store, article: int) -> None:
    with pytest.raises(UnknownArticle):
        added(store, article + 1)


def test_an_unknown_author_leaves_no_part_of_a_revision(store: Store, article: int) -> None:
    with pytest.raises(UnknownAuthor):
        store.revisions.add(article, 1, NOON, "", "mallory", "x", ())
    with pytest.raises(UnknownAuthor):
        store.revisions.add(article, 1, NOON, "", "ada", "x", [(0, 1, "mallory")])
    assert list(store.revisions.list(article)) == []


def test_text_and_spans_can_be_told_anew(store: Store, article: int) -> None:
    revision = added(store, article)
    store.revisions.replace_text(article, 1, "zz", [(0, 2, "bob")])
    assert store.revisions.text(article, 1) == "zz"
    assert store.revisions.spans(article, 1) == (Span(0, 2, "bob"),)
    assert store.revisions.get(article, 1) == revision


def test_what_cannot_be_told_anew_stays(store: Store, article: int) -> None:
    added(store, article)
    with pytest.raises(UnknownAuthor):
        store.revisions.replace_text(article, 1, "zz", [(0, 2, "mallory")])
    assert store.revisions.text(article, 1) == "xyz🌿é"
    assert store.revisions.spans(article, 1) == (Span(0, 3, "ada"), Span(3, 2, "bob"))


def test_revisions_made_at_once_get_different_numbers(store: Store, article: int) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda seq: added(store, article, seq=seq).number, range(12)))
    assert sorted(made) == list(range(1, 13))
