"""The promises of persistence.quarantine.Quarantine."""

from datetime import UTC

import pytest

from persistence.errors import UnknownArticle, UnknownAuthor, UnknownSuspect
from persistence.quarantine import Suspect
from persistence.store import Store
from tests.support.stores import NOON, after, begun, known

PAYLOAD = bytes(range(256)) * 4


@pytest.fixture
def article(store: Store) -> int:
    known(store, "ada", "bob")
    return begun(store).id


def added(store: Store, article: int, author: str = "ada", seconds: float = 0) -> Suspect:
    at = after(seconds=seconds)
    return store.quarantine.add(article, author, at, "died", certain=False, payload=PAYLOAD)


def test_a_suspect_is_read_as_it_was_added(store: Store, article: int) -> None:
    suspect = store.quarantine.add(article, "bob", NOON, "stalled", certain=True, payload=PAYLOAD)
    assert suspect == Suspect(suspect.id, article, "bob", NOON, "stalled", True, PAYLOAD, None)
    assert store.quarantine.get(suspect.id) == suspect
    assert store.quarantine.get(suspect.id).at.tzinfo is UTC


def test_they_are_listed_by_id(store: Store, article: int) -> None:
    assert list(store.quarantine.list()) == []
    suspects = [added(store, article, seconds=second) for second in (3, 1, 2)]
    assert [suspect.id for suspect in suspects] == sorted(suspect.id for suspect in suspects)
    assert list(store.quarantine.list()) == suspects


def test_what_is_added_again_is_there_once(store: Store, article: int) -> None:
    first = added(store, article)
    assert added(store, article) == first
    others = [added(store, article, "bob"), added(store, article, seconds=0.000001)]
    assert list(store.quarantine.list()) == [first, *others]


def test_a_released_one_is_watched_no_longer(store: Store, article: int) -> None:
    first, second = added(store, article), added(store, article, "bob")
    released = store.quarantine.release(first.id, after(hours=1))
    assert released.released_at == after(hours=1)
    assert list(store.quarantine.watched()) == [second]
    assert list(store.quarantine.list()) == [released, second]


def test_the_first_release_counts(store: Store, article: int) -> None:
    suspect = added(store, article)
    store.quarantine.release(suspect.id, after(hours=1))
    assert store.quarantine.release(suspect.id, after(hours=2)).released_at == after(hours=1)


def test_an_unknown_one_is_refused(store: Store, article: int) -> None:
    added(store, article)
    with pytest.raises(UnknownSuspect):
        store.quarantine.get(99)
    with pytest.raises(UnknownSuspect):
        store.quarantine.release(99, NOON)


def test_nothing_is_kept_of_an_unknown_article_or_author(store: Store, article: int) -> None:
    with pytest.raises(UnknownArticle):
        added(store, article + 1)
    with pytest.raises(UnknownAuthor):
        added(store, article, "eve")
    assert list(store.quarantine.list()) == []


def test_throwing_away_what_follows_from_the_log_leaves_it(store: Store, article: int) -> None:
    suspect = added(store, article)
    store.wipe_derived(article)
    assert list(store.quarantine.list()) == [suspect]
