"""Folds: what was folded once is not folded again, and gives the same."""

import gc
from weakref import ref

import pytest

from persistence.articles import Article
from persistence.store import MemoryStore
from server import folds
from server.chronicle import Fold
from server.folds import Folds, folds_of
from server.loading import moment
from tests.support.people import ROOT, history
from tests.support.writing_past import begun, store_rows


class Taken:
    """Counts the rows that are folded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows = 0
        add = Fold.add

        def counted(fold: Fold, batch: list[object]) -> None:
            self.rows += len(batch)
            add(fold, batch)  # type: ignore[arg-type]

        monkeypatch.setattr(Fold, "add", counted)

    def since(self) -> int:
        rows, self.rows = self.rows, 0
        return rows


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    monkeypatch.setattr(folds, "LONG", 5)
    return Taken(monkeypatch)


@pytest.fixture
def article(store: MemoryStore) -> Article:
    article = begun(store)
    store_rows(store, article, history(3).rows)
    return article


def test_only_new_rows_are_folded(store: MemoryStore, article: Article, taken: Taken) -> None:
    kept = Folds(store)
    for seq, rows in ((10, 10), (20, 10), (20, 0), (21, 1)):
        assert kept.moment(article.id, ROOT, seq).seq == seq
        assert taken.since() == rows
        assert kept.moment(article.id, ROOT, seq) == moment(store, article.id, ROOT, seq)
        taken.since()


def test_an_earlier_moment_is_folded_by_itself(
    store: MemoryStore, article: Article, taken: Taken
) -> None:
    kept = Folds(store)
    kept.moment(article.id, ROOT, 20)
    taken.since()
    assert kept.moment(article.id, ROOT, 10) == moment(store, article.id, ROOT, 10)
    taken.since()
    kept.moment(article.id, ROOT, 20)
    assert taken.since() == 0


def test_a_short_log_is_not_kept(store: MemoryStore, article: Article, taken: Taken) -> None:
    kept = Folds(store)
    kept.moment(article.id, ROOT, 4)
    kept.moment(article.id, ROOT, 4)
    assert taken.since() == 8


def test_of_many_those_used_last_are_kept(
    store: MemoryStore, article: Article, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folds, "MOST", 1)
    other = store.articles.create("other", "Other", "ada", at=article.created_at)
    store_rows(store, other, history(4).rows)
    kept = Folds(store)
    for each in (article, other):
        kept.moment(each.id, ROOT, 10)
    taken.since()
    kept.moment(other.id, ROOT, 10)
    assert taken.since() == 0
    kept.moment(article.id, ROOT, 10)
    assert taken.since() == 10


def test_what_failed_is_not_kept(
    store: MemoryStore, article: Article, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Folds(store)
    kept.moment(article.id, ROOT, 10)
    with monkeypatch.context() as patched:
        patched.setattr(Fold, "add", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            kept.moment(article.id, ROOT, 20)
    taken.since()
    assert kept.moment(article.id, ROOT, 20) == moment(store, article.id, ROOT, 20)


def test_two_stores_have_nothing_to_do_with_each_other() -> None:
    one, other = MemoryStore(), MemoryStore()
    assert folds_of(one) is folds_of(one) is not folds_of(other)
    gone = ref(one)
    del one
    gc.collect()
    assert gone() is None  # nothing of it is kept, and so neither are its folds
