"""Rebuilding: every table but authors, articles and the log, computed anew from the log (law 4)."""

from collections.abc import Iterable, Iterator

from persistence.edits import edit_of
from persistence.store import Store
from server.loading import keep, load, moment


def rebuild(store: Store, article: int, root: str) -> None:
    """Compute the article's owners, checkpoints, and revisions' texts and spans from its log.

    No server may have the article open: what it claims meanwhile would be forgotten. Each table
    is replaced in one transaction, so a crash in between leaves a store that can be used, and
    another run finishes the work.
    """
    store.replace_owners(article, _owners(store, article))
    _rebuild_checkpoints(store, article, root, _checkpoint_seqs(store, article))
    for revision in store.revisions.list(article):
        was = moment(store, article, root, revision.seq)
        store.revisions.replace_text(article, revision.number, was.text, was.spans)


def _owners(store: Store, article: int) -> dict[int, str]:
    owners: dict[int, str] = {}
    for entry in store.log.read(article):
        for client in edit_of(entry)[1].clients:
            owners.setdefault(client, entry.author)
    return owners


def _checkpoint_seqs(store: Store, article: int) -> list[int]:
    return sorted(_seqs_downwards(store, article))


def _seqs_downwards(store: Store, article: int) -> Iterator[int]:
    kept = store.checkpoints.latest(article)
    while kept is not None:
        yield kept.seq
        kept = store.checkpoints.latest(article, kept.seq - 1)


def _rebuild_checkpoints(store: Store, article: int, root: str, seqs: Iterable[int]) -> None:
    store.checkpoints.delete(article)
    for seq in seqs:
        live = load(store, article, root, 0, seq)
        state = live.state()
        live.close()
        keep(store, article, state)
