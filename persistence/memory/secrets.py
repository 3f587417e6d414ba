"""Secrets in memory."""

from datetime import datetime

from persistence.memory.shelf import Shelf


class MemorySecrets:
    """Secrets in a dictionary."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def agree(self, name: str, offered: str, _at: datetime) -> str:
        """Keep the promise of Secrets.agree."""
        with self._shelf.lock:
            return self._shelf.secrets.setdefault(name, offered)
