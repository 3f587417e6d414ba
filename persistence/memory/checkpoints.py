"""The checkpoints in memory."""

from persistence.checkpoints import Checkpoint
from persistence.memory.shelf import Shelf


class MemoryCheckpoints:
    """Checkpoints in binders."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def put(self, article: int, seq: int, state: bytes, attribution: bytes) -> None:
        """Keep the promise of Checkpoints.put."""
        with self._shelf.lock:
            kept = self._shelf.binder(article).checkpoints
            kept[seq] = Checkpoint(article, seq, state, attribution)

    def latest(self, article: int, until: int | None = None) -> Checkpoint | None:
        """Keep the promise of Checkpoints.latest."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            kept = binder.checkpoints if binder else {}
            seqs = [seq for seq in kept if until is None or seq <= until]
            return kept[max(seqs)] if seqs else None

    def delete(self, article: int, after: int = -1, before: int | None = None) -> None:
        """Keep the promise of Checkpoints.delete."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            kept = binder.checkpoints if binder else {}
            for seq in list(kept):
                if seq > after and (before is None or seq < before):
                    del kept[seq]
