"""Moments: what an article was, from its checkpoint and the rows after it."""

import pytest

from crdt.history import fold
from persistence.store import MemoryStore
from server.loading import keep_checkpoint
from server.moments import moment_at
from server.refusals import NotFound
from tests.support import stores
from tests.support.people import ROOT, history
from tests.support.writing_past import begun, store_rows


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kept", [0, 12])
def test_every_moment_is_what_a_fold_of_the_log_tells(seed: int, kept: int) -> None:
    store, rows = MemoryStore(), history(seed).rows
    article = begun(store)
    store_rows(store, article, rows[:kept])
    keep_checkpoint(store, article.id, ROOT)
    store_rows(store, article, rows)
    for seq in range(len(rows) + 1):
        moment, told = moment_at(store, ROOT, article.id, seq), fold(ROOT, [rows[:seq]])
        assert (moment.seq, moment.text) == (seq, told.text)
        assert tuple(moment.spans) == told.spans


def test_a_moment_has_the_time_of_its_row() -> None:
    store = MemoryStore()
    article = begun(store)
    store_rows(store, article, history(1).rows)
    assert moment_at(store, ROOT, article.id, 0).at is None
    assert moment_at(store, ROOT, article.id, 3).at == stores.after(minutes=2)


def test_what_has_not_come_yet_is_no_moment() -> None:
    store = MemoryStore()
    article = begun(store)
    with pytest.raises(NotFound, match="ends at 0"):
        moment_at(store, ROOT, article.id, 1)
