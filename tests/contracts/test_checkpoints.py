"""The promises of persistence.checkpoints.Checkpoints."""

from persistence.checkpoints import Checkpoint
from persistence.store import Store
from tests.support.stores import begun


def test_an_article_begins_without_a_checkpoint(store: Store) -> None:
    assert store.checkpoints.latest(begun(store).id) is None
    assert store.checkpoints.latest(12345) is None


def test_the_latest_checkpoint_is_given(store: Store) -> None:
    article = begun(store).id
    for seq in (10, 30, 20):
        store.checkpoints.put(article, seq, b"state %d" % seq, b"who %d" % seq)
    assert store.checkpoints.latest(article) == Checkpoint(article, 30, b"state 30", b"who 30")


def test_the_latest_until_a_seq_is_given(store: Store) -> None:
    article = begun(store).id
    for seq in (10, 20, 30):
        store.checkpoints.put(article, seq, b"", b"")
    found = [store.checkpoints.latest(article, until) for until in (9, 10, 29, 30)]
    assert [kept and kept.seq for kept in found] == [None, 10, 20, 30]


def test_a_checkpoint_takes_the_place_of_an_older_one_at_its_seq(store: Store) -> None:
    article = begun(store).id
    store.checkpoints.put(article, 5, b"old", b"old")
    store.checkpoints.put(article, 5, b"new", b"newer")
    assert store.checkpoints.latest(article) == Checkpoint(article, 5, b"new", b"newer")


def test_one_articles_checkpoints_can_be_forgotten(store: Store) -> None:
    one, other = begun(store, "one").id, begun(store, "other").id
    for article in (one, other):
        store.checkpoints.put(article, 5, b"state", b"who")
    store.checkpoints.delete(one)
    assert store.checkpoints.latest(one) is None
    assert store.checkpoints.latest(other) is not None


def test_checkpoints_between_two_seqs_can_be_forgotten(store: Store) -> None:
    article = begun(store).id
    for seq in (10, 20, 30, 40):
        store.checkpoints.put(article, seq, b"", b"")
    store.checkpoints.delete(article, after=10, before=40)
    found = [store.checkpoints.latest(article, until) for until in (39, 40)]
    assert [kept and kept.seq for kept in found] == [10, 40]


def test_a_large_state_comes_back(store: Store) -> None:
    article, state = begun(store).id, bytes(range(256)) * 2**14
    store.checkpoints.put(article, 1, state, b"\0")
    assert store.checkpoints.latest(article) == Checkpoint(article, 1, state, b"\0")


def test_forgetting_where_nothing_is_kept_is_no_mistake(store: Store) -> None:
    store.checkpoints.delete(12345)
    assert store.checkpoints.latest(12345) is None
