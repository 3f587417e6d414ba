"""The update log in memory."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from persistence.errors import HeadMoved
from persistence.instant import utc
from persistence.log import MOST_BETWEEN, Append, Entry, Theirs, authors_of, in_order
from persistence.memory.shelf import Shelf


class MemoryLog:
    """UpdateLog in lists."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def append(self, batch: Sequence[Append], at: datetime) -> Theirs:
        """Keep the promise of UpdateLog.append, as far as memory is durable."""
        ordered, at = in_order(batch), utc(at)
        with self._shelf.lock:
            overtaken = [append.article for append in ordered if not self._may_follow(append)]
            if overtaken:
                raise HeadMoved(overtaken)
            self._shelf.know(authors_of(ordered))
            theirs = {append.article: self._between(append) for append in ordered}
            for append in ordered:
                self._store(append, at)
        return {article: rows for article, rows in theirs.items() if rows}

    def after(self, heads: Mapping[int, int], most: int) -> list[Entry]:
        """Keep the promise of UpdateLog.after."""
        known = (self.read(article, heads[article]) for article in sorted(heads))
        return list(islice((entry for entries in known for entry in entries), most))

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

    def _may_follow(self, append: Append) -> bool:
        owners, head = self.owners(append.article), self.heads([append.article]).get(append.article)
        if head is None or head < append.head:
            return False
        if any(owners.get(client, author) != author for client, author in append.claims.items()):
            return False
        between = self._between(append)
        return not between or (len(between) <= MOST_BETWEEN and append.follows(between))

    def _between(self, append: Append) -> list[Entry]:
        return list(islice(self.read(append.article, append.head), MOST_BETWEEN + 1))

    def _store(self, append: Append, at: datetime) -> None:
        binder = self._shelf.binder(append.article)
        binder.owners.update(append.claims)
        binder.log.extend(
            Entry(append.article, seq, row.author, at, row.payload, row.carried)
            for seq, row in enumerate(append.rows, len(binder.log) + 1)
        )

    def _next(self, article: int, after: int, until: int | None) -> Entry | None:
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            log = binder.log if binder else []
            end = len(log) if until is None else min(until, len(log))
            return log[after] if after < end else None
