"""Rebuilding an article; tests/contracts/test_rebuilding.py sees every row come back."""

from collections.abc import Iterator

import pytest

from persistence.articles import Article
from persistence.log import Entry
from persistence.revisions import Digest, Mark
from persistence.store import MemoryStore
from server import chronicle
from server.digest import Wish, revise
from server.loading import keep_checkpoint
from server.newcomers import Newcomers
from server.rebuild import bases, numbers_by_seq, rebuild
from tests.support.people import ROOT, history
from tests.support.stores import NOON
from tests.support.writing_past import begun, store_rows

EVERY = 10


@pytest.fixture
def article(store: MemoryStore) -> Article:
    """An article of several people with checkpoints and revisions along its way."""
    article, rows = begun(store), history(3).rows
    for until in (len(rows) // 3, len(rows) // 2, len(rows)):
        store_rows(store, article, rows[:until])
        keep_checkpoint(store, article.id, ROOT)
        revise(store, ROOT, article.id, until, Wish("quiet"), None)
    return article


def _checkpoints(store: MemoryStore, article: Article) -> list[int]:
    return sorted(store._shelf.binder(article.id).checkpoints)


def test_a_rebuild_mends_what_was_spoilt(store: MemoryStore, article: Article) -> None:
    rebuild(store, article.id, ROOT, EVERY)
    before = [store.revisions.text(article.id, number) for number in (1, 2, 3)]
    owners = store.log.owners(article.id)
    kept = store.checkpoints.latest(article.id)
    store.replace_owners(article.id, {7: "ada"})
    store.checkpoints.put(article.id, kept.seq if kept else 0, b"nonsense", b"nonsense")
    store.revisions.put(article.id, 2, Digest("nonsense", [], [], b"\0"))
    rebuild(store, article.id, ROOT, EVERY)
    assert [store.revisions.text(article.id, number) for number in (1, 2, 3)] == before
    assert store.log.owners(article.id) == owners != {}
    assert store.checkpoints.latest(article.id) == kept


def test_checkpoints_come_back_where_they_were(store: MemoryStore, article: Article) -> None:
    before = _checkpoints(store, article)
    rebuild(store, article.id, ROOT, EVERY)
    assert _checkpoints(store, article) == before


def test_without_any_they_come_at_the_usual_places(store: MemoryStore, article: Article) -> None:
    store.wipe_derived(article.id)
    rebuild(store, article.id, ROOT, EVERY)
    head = store.log.heads([article.id])[article.id]
    assert _checkpoints(store, article) == [*range(EVERY, head, EVERY), head]


def test_the_log_is_read_once_whatever_the_number_of_revisions(
    store: MemoryStore, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, taken = store.log.heads([article.id])[article.id], 0
    for seq in range(1, head):
        mark = Mark(seq, NOON, "named", f"{seq}", "", "ada")
        store.revisions.add(article.id, mark, Digest("", [], [], b"\0"))
    add = chronicle.Fold.add

    def counted(fold: chronicle.Fold, batch: list[tuple[int, Entry]]) -> None:
        nonlocal taken
        taken += len(batch)
        add(fold, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(chronicle.Fold, "add", counted)
    rebuild(store, article.id, ROOT, EVERY)
    assert taken == head


def test_an_empty_article_can_be_rebuilt(store: MemoryStore, newcomers: Newcomers) -> None:
    ada = newcomers.make("Ada")
    empty = store.articles.create("y", "y", ada.id, at=ada.created)
    rebuild(store, empty.id, ROOT, EVERY)
    assert not store.log.owners(empty.id)
    assert _checkpoints(store, empty) == []


def _marked(*seqs: int) -> Iterator[tuple[int, Mark]]:
    for number, seq in enumerate(seqs, start=1):
        yield number, Mark(seq, NOON, "quiet")


def test_a_revision_is_compared_with_the_latest_that_was_there_and_is_not_after_it() -> None:
    assert bases([*_marked(10, 20, 15, 30, 20, 5)]) == {1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 0}


def test_the_marks_of_one_seq_are_in_order() -> None:
    assert numbers_by_seq([*_marked(10, 20, 10)]) == {10: [1, 3], 20: [2]}
