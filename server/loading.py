"""Loading: a live article from the store, and the checkpoints that make it quick."""

from collections.abc import Iterator
from itertools import islice

from crdt.edit import Edit
from crdt.history import Moment, fold
from crdt.livearticle import LiveArticle
from crdt.state import EMPTY, State
from persistence.edits import edit_of
from persistence.store import Store

# Rows in one transaction of the document: one by one is ten times slower, all at once needs memory
# with the square of their number.
ROWS_AT_ONCE = 500


def load(
    store: Store, article: int, root: str, most_claims: int, until: int | None = None
) -> LiveArticle:
    """Make the live article as it is at the head of the log, or as it was at seq `until`.

    It can be read; it may have to be prepared before it takes edits.
    """
    state = _latest(store, article, until) or EMPTY
    live = LiveArticle(root, store.log.owners(article), most_claims, state)
    for rows in batches(store, article, state.seq, until):
        live.replay(rows)
    return live


def _latest(store: Store, article: int, until: int | None) -> State | None:
    kept = store.checkpoints.latest(article, until)
    return State.unpack(kept.seq, kept.state, kept.attribution) if kept else None


def batches(
    store: Store, article: int, after: int, until: int | None
) -> Iterator[list[tuple[int, Edit]]]:
    """Give the rows after < seq <= until as edits with their times, some hundred at a time."""
    rows = map(edit_of, store.log.read(article, after, until))
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def moment(store: Store, article: int, root: str, until: int | None = None) -> Moment:
    """Fold the log from its beginning; neither checkpoints nor the weave have a part in it."""
    return fold(root, batches(store, article, 0, until))


def keep_checkpoint(store: Store, article: int, root: str) -> int:
    """Keep a checkpoint of the article at its head, made from the log; return its seq."""
    live = load(store, article, root, most_claims=0)
    state = live.state()
    live.close()
    keep(store, article, state)
    return state.seq


def keep(store: Store, article: int, state: State) -> None:
    """Keep a checkpoint."""
    store.checkpoints.put(article, state.seq, state.pack(), state.attribution)
