"""Moments: an article as it was after some row of its log, from checkpoint and tail.

All of it is synchronous and takes some hundredths of a second: it is for the historian.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from crdt.comparison import Change, Kind, comparison
from crdt.livearticle import LiveArticle
from crdt.spans import Span, joined
from crdt.standing import standing
from crdt.stretches import Stretch, stretches
from persistence.store import Store
from server.loading import load
from server.refusals import NotFound


class Moment(NamedTuple):
    """The visible text after row `seq`, which came `at` that time (None for seq 0)."""

    seq: int
    at: datetime | None
    stretches: tuple[Stretch, ...]

    @property
    def text(self) -> str:
        """The visible text."""
        return "".join(stretch.text for stretch in self.stretches)

    @property
    def spans(self) -> list[Span]:
        """Who wrote it: spans that cover it, in code points."""
        return joined((len(stretch.text), stretch.author) for stretch in self.stretches)


def moment_at(store: Store, root: str, article: int, seq: int) -> Moment:
    """Give the article after row `seq` of its log; NotFound where the log is shorter."""
    require_moment(store, article, seq)
    with article_at(store, root, article, seq) as live:
        return Moment(seq, time_of(store, article, seq), tuple(stretches(live.weave, live.ledger)))


def changes_between(store: Store, root: str, article: int, first: int, last: int) -> list[Change]:
    """Compare the texts after two rows, whichever came first.

    Where `last` did, what was inserted since is what is gone there, and nobody deleted it.
    """
    with article_at(store, root, article, min(first, last)) as earlier:
        stood = standing(earlier.weave)
    with article_at(store, root, article, max(first, last)) as later:
        changes = comparison(later.weave, later.ledger, stood)
    return changes if first <= last else list(map(_turned, changes))


def _turned(change: Change) -> Change:
    kind: Kind = "inserted" if change.kind == "deleted" else "deleted"
    return change._replace(kind=kind, deleted_by=None, deleted_at_ms=None)


def require_moment(store: Store, article: int, seq: int) -> None:
    """NotFound where the article's log does not reach to `seq`."""
    head = store.log.heads([article])[article]
    if seq > head:
        raise NotFound(f"There is no moment {seq}: the log of this article ends at {head}.")


@contextmanager
def article_at(store: Store, root: str, article: int, seq: int | None) -> Iterator[LiveArticle]:
    """Give a live article as it was after row `seq`, or as it is in the log; closed afterwards."""
    live = load(store, article, root, most_claims=0, until=seq)
    try:
        yield live
    finally:
        live.close()


def time_of(store: Store, article: int, seq: int) -> datetime | None:
    """When the row `seq` was stored; None for the beginning."""
    return next(store.log.read(article, seq - 1, seq)).at if seq else None
