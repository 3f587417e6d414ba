"""Keeping checkpoints: of large articles in use from the log, of others from what is in memory."""

from crdt.livearticle import LiveArticle
from crdt.state import State
from persistence.store import Store
from server.loading import keep, keep_checkpoint
from server.settings import Settings


def keep_from_log(store: Store, article: int, checkpoint: int, settings: Settings) -> None:
    """Keep a checkpoint of an article that may be in use: what is in memory cannot be read then.

    `checkpoint` is the seq of the one before.
    """
    seq = keep_checkpoint(store, article, settings.root_name)
    _thin(store, article, checkpoint, seq, settings.checkpoint_every)


def keep_state(
    store: Store, article: int, state: State, checkpoint: int, settings: Settings
) -> None:
    """Keep a state, all of which is in the log, as a checkpoint."""
    keep(store, article, state)
    _thin(store, article, checkpoint, state.seq, settings.checkpoint_every)


def keep_last(
    store: Store, article: int, live: LiveArticle, checkpoint: int, settings: Settings
) -> None:
    """Keep a checkpoint of what nobody uses any more, if it has moved since the last one."""
    if live.head > checkpoint:
        keep_state(store, article, live.state(), checkpoint, settings)


def _thin(store: Store, article: int, older: int, newer: int, every: int) -> None:
    """Keep only the newest checkpoint of every so many rows, or visits would fill the disk."""
    first = newer - newer % every
    if first <= older < newer:
        store.checkpoints.delete(article, after=first - 1, before=newer)
