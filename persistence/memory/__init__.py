"""The store in memory: for tests and trials, and the measure of the others."""

from collections.abc import Mapping

from persistence.memory.articles import MemoryArticles
from persistence.memory.authors import MemoryAuthors
from persistence.memory.checkpoints import MemoryCheckpoints
from persistence.memory.contributions import MemoryContributions
from persistence.memory.frames import MemoryFrames
from persistence.memory.log import MemoryLog
from persistence.memory.quarantine import MemoryQuarantine
from persistence.memory.revisions import MemoryRevisions
from persistence.memory.secrets import MemorySecrets
from persistence.memory.shelf import Shelf
from persistence.memory.texts import MemoryTexts

__all__ = ["MemoryStore"]


class MemoryStore:
    """Store that is gone with its process."""

    def __init__(self) -> None:
        self._shelf = shelf = Shelf()
        self.log = MemoryLog(shelf)
        self.articles = MemoryArticles(shelf)
        self.authors = MemoryAuthors(shelf)
        self.checkpoints = MemoryCheckpoints(shelf)
        self.revisions = MemoryRevisions(shelf)
        self.frames = MemoryFrames(shelf)
        self.texts = MemoryTexts(shelf)
        self.contributions = MemoryContributions(shelf)
        self.quarantine = MemoryQuarantine(shelf)
        self.secrets = MemorySecrets(shelf)

    def wipe_derived(self, article: int) -> None:
        """Keep the promise of Store.wipe_derived."""
        with self._shelf.lock:
            binder = self._shelf.binder(article)
            binder.owners.clear()
            binder.checkpoints.clear()
            binder.digests.clear()
            binder.frames.clear()
            binder.contributions.clear()
            binder.newest = None

    def replace_owners(self, article: int, owners: Mapping[int, str]) -> None:
        """Keep the promise of Store.replace_owners."""
        with self._shelf.lock:
            binder = self._shelf.binder(article)
            self._shelf.know(set(owners.values()))
            binder.owners = dict(owners)

    def close(self) -> None:
        """Keep the promise of Store.close: there is no connection."""
