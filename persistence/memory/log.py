"""The update log in memory."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from persistence.errors import HeadMoved
from persistence.instant import utc
from persistence.log import Append, Entry, authors_of, in_order
from persistence.memory.shelf import Shelf


class MemoryLog:
    """UpdateLog in lists."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def append(self, batch: Sequence[Append], at: datetime) -> None:
        """Keep the promise of UpdateLog.append, as far as memory is durable."""
        ordered, at = in_order(batch), utc(at)
        with self._shelf.lock:
            overtaken = [append.article for append in ordered if self._is_overtaken(append)]
            if overtaken:
                raise HeadMoved(overtaken)
            self._shelf.know(authors_of(ordered))
            for append in ordered:
                self._store(append, at)

    def read(self, article: int, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Keep the promise of UpdateLog.read."""
        while entry := self._next(article, after, until):
            yield entry
            after = entry.seq

    def heads(self, articles: Sequence[int]) -> dict[int, int]:
        """Keep the promise of UpdateLog.heads."""
        with self._shelf.lock:
            known = self._shelf.binders
            return {article: len(known[article].log) for article in articles if article in known}

    def owners(self, article: int) -> dict[int, str]:
        """Keep the promise of UpdateLog.owners."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            return dict(binder.owners) if binder else {}

    def check(self) -> None:
        """Keep the promise of UpdateLog.check: memory is there."""

    def _is_overtaken(self, append: Append) -> bool:
        owners = self.owners(append.article)
        return self.heads([append.article]).get(append.article) != append.head or any(
            owners.get(client, author) != author for client, author in append.claims.items()
        )

    def _store(self, append: Append, at: datetime) -> None:
        binder = self._shelf.binder(append.article)
        binder.owners.update(append.claims)
        binder.log.extend(
            Entry(append.article, seq, row.author, at, row.payload, row.carried)
            for seq, row in enumerate(append.rows, append.head + 1)
        )

    def _next(self, article: int, after: int, until: int | None) -> Entry | None:
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            log = binder.log if binder else []
            end = len(log) if until is None else min(until, len(log))
            return log[after] if after < end else None
