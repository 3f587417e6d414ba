"""History: folds of the log; what the article was at some seq, without the live path's weave."""

from collections.abc import Iterable
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


def fold(root: str, batches: Iterable[list[tuple[int, Edit]]]) -> Moment:
    """Fold a log from its beginning: batches of (time in Unix ms, edit), in seq order.

    A batch is one transaction of each of the two documents; some hundred rows are best.
    """
    document, layer, ledger, seq = Document(root), AuthorLayer(root), Attribution(), 0
    for batch in batches:
        for at_ms, edit in batch:
            ledger.credit(edit, at_ms)
        edits = [edit for _, edit in batch]
        document.apply([edit.payload for edit in edits])
        layer.add(edits, ledger)
        seq += len(batch)
    moment = Moment(seq, document.text(), tuple(layer.spans()))
    document.close()
    layer.close()
    return moment
