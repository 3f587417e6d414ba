"""The quarantine in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from persistence.errors import UnknownSuspect
from persistence.instant import utc
from persistence.memory.shelf import Shelf
from persistence.quarantine import Reason, Suspect


class MemoryQuarantine:
    """Suspects in a dictionary."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def add(
        self,
        article: int,
        author: str,
        at: datetime,
        reason: Reason,
        *,
        certain: bool,
        payload: bytes,
    ) -> Suspect:
        """Keep the promise of Quarantine.add."""
        with self._shelf.lock:
            self._shelf.binder(article)
            self._shelf.know({author})
            for known in self._shelf.suspects.values():
                if (known.article, known.author, known.at) == (article, author, utc(at)):
                    return known
            number = len(self._shelf.suspects) + 1
            added = Suspect(number, article, author, utc(at), reason, certain, payload)
            self._shelf.suspects[number] = added
            return added

    def get(self, number: int) -> Suspect:
        """Keep the promise of Quarantine.get."""
        with self._shelf.lock:
            if number not in self._shelf.suspects:
                raise UnknownSuspect(f"There is no update {number} in quarantine.")
            return self._shelf.suspects[number]

    def list(self) -> Sequence[Suspect]:
        """Keep the promise of Quarantine.list."""
        with self._shelf.lock:
            return [*self._shelf.suspects.values()]

    def watched(self) -> Sequence[Suspect]:
        """Keep the promise of Quarantine.watched."""
        return [suspect for suspect in self.list() if suspect.released_at is None]

    def release(self, number: int, at: datetime) -> Suspect:
        """Keep the promise of Quarantine.release."""
        with self._shelf.lock:
            suspect = self.get(number)
            if suspect.released_at is None:
                suspect = replace(suspect, released_at=utc(at))
                self._shelf.suspects[number] = suspect
            return suspect
