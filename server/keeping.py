"""Keeping checkpoints: of articles in use from the log, of others from what is in memory."""

from crdt.livearticle import LiveArticle
from persistence.store import Store
from server.loading import keep, keep_checkpoint
from server.settings import Settings


def keep_from_log(store: Store, article: int, checkpoint: int, settings: Settings) -> None:
    """Keep a checkpoint of an article that may be in use: what is in memory cannot be read then.

    `checkpoint` is the seq of the one before.
    """
    seq = keep_checkpoint(store, article, settings.root_name)
    _thin(store, article, checkpoint, seq, settings.checkpoint_every)


def keep_last(
    store: Store, article: int, live: LiveArticle, checkpoint: int, settings: Settings
) -> None:
    """Keep a checkpoint of what nobody uses any more, if it has moved since the last one.

    All of its edits are in the log.
    """
    if live.head > checkpoint:
        state = live.state()
        keep(store, article, state)
        _thin(store, article, checkpoint, state.seq, settings.checkpoint_every)


def _thin(store: Store, article: int, older: int, newer: int, every: int) -> None:
    """Keep only the newest checkpoint of every so many rows, or visits would fill the disk."""
    first = newer - newer % every
    if first <= older < newer:
        store.checkpoints.delete(article, after=first - 1, before=newer)
