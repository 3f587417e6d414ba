"""History: folds of the log; what the article was at some seq, without the live path's weave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crdt.attribution import Attribution
from crdt.authorlayer import AuthorLayer
from crdt.document import Document
from crdt.edit import Edit
from crdt.spans import Span


@dataclass(frozen=True, slots=True)
class Moment:
    """The text of an article after `seq`, and its spans (code points)."""

    seq: int
    text: str
    spans: tuple[Span, ...]


class Fold:
    """A log folded from its beginning up to `seq`; it can be looked at along the way."""

    def __init__(self, root: str) -> None:
        self._document = Document(root)
        self._layer = AuthorLayer(root)
        self._ledger = Attribution()
        self.seq = 0

    def add(self, batch: Sequence[tuple[int, Edit]]) -> None:
        """Take in the next rows, each (time in Unix ms, edit), in seq order.

        A batch is one transaction of each of the two documents; some hundred rows are best.
        """
        for at_ms, edit in batch:
            self._ledger.credit(edit, at_ms)
        edits = [edit for _, edit in batch]
        self._document.apply([edit.payload for edit in edits])
        self._layer.add(edits, self._ledger)
        self.seq += len(batch)

    def moment(self) -> Moment:
        """The article after the rows that were taken in."""
        return Moment(self.seq, self._document.text(), tuple(self._layer.spans()))

    def close(self) -> None:
        """Give the memory back."""
        self._document.close()
        self._layer.close()


def fold(root: str, batches: Iterable[Sequence[tuple[int, Edit]]]) -> Moment:
    """Fold a log from its beginning; the batches are those of `Fold.add`."""
    folded = Fold(root)
    for batch in batches:
        folded.add(batch)
    moment = folded.moment()
    folded.close()
    return moment
