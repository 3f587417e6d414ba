"""A chronicle: an article's log read once, from its beginning, with stops along the way.

Weave and author layer are made side by side; they share no code, so one checks the other. Neither
checkpoints nor what is in memory have a part in it.
"""

from typing import Self

from crdt.history import Fold, Moment
from crdt.livearticle import LiveArticle
from persistence.store import Store
from server.loading import batches


class Chronicle:
    """`with Chronicle(...)`: the article at `seq`, which only ever grows."""

    def __init__(self, store: Store, root: str, article: int) -> None:
        self._store = store
        self._article = article
        self._fold = Fold(root)
        self.live = LiveArticle(root, {}, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._fold.close()
        self.live.close()

    @property
    def seq(self) -> int:
        """The last row that was read."""
        return self.live.head

    def read_until(self, seq: int) -> None:
        """Read on up to the row `seq`."""
        for rows in batches(self._store, self._article, self.seq, seq):
            self._fold.add(rows)
            self.live.replay(rows)

    def moment(self) -> Moment:
        """The text and spans at `seq`, by the author layer."""
        return self._fold.moment()
