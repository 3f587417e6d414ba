"""Folds of long logs, kept where they ended: of a log that has grown only the new rows are folded.

A log's rows never change, so what was folded once stays right.
"""

from weakref import WeakKeyDictionary, proxy

from crdt.history import Fold, Moment
from persistence.store import Store
from server.loading import batches, moment

MOST = 4  # some tens of megabytes each
LONG = 2_000  # rows; a shorter log is folded in some hundredths of a second

_folds: "WeakKeyDictionary[Store, Folds]" = WeakKeyDictionary()


class Folds:
    """The folds of one store's articles; one thread at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[int, Fold] = {}

    def moment(self, article: int, root: str, seq: int) -> Moment:
        """Give the article after row `seq`, folded from the beginning of its log."""
        kept = self._kept.get(article)
        if seq < LONG or (kept is not None and kept.seq > seq):
            return moment(self._store, article, root, seq)
        fold = self._kept.pop(article, None) or Fold(root)  # one that fails is not kept
        for rows in batches(self._store, article, fold.seq, seq):
            fold.add(rows)
        self._kept[article] = fold  # the one that was used last is last
        if len(self._kept) > MOST:
            self._kept.pop(next(iter(self._kept))).close()
        return fold.moment()


def folds_of(store: Store) -> Folds:
    """Give the folds of a store, which are forgotten with it."""
    if store not in _folds:
        _folds[store] = Folds(proxy(store))  # or they would keep it
    return _folds[store]
