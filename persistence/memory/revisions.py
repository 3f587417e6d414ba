"""The revisions in memory."""

from collections.abc import Iterable
from datetime import datetime

from persistence.errors import UnknownRevision
from persistence.instant import utc
from persistence.memory.shelf import Binder, Shelf
from persistence.revisions import Revision, Span


class MemoryRevisions:
    """Revisions in binders."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def add(
        self,
        article: int,
        seq: int,
        at: datetime,
        label: str,
        made_by: str,
        text: str,
        spans: Iterable[tuple[int, int, str]],
    ) -> Revision:
        """Keep the promise of Revisions.add."""
        runs = _runs(spans)
        with self._shelf.lock:
            binder = self._shelf.binder(article)
            self._shelf.know({made_by, *(span.author for span in runs)})
            number = len(binder.revisions) + 1
            binder.revisions.append(Revision(article, number, seq, utc(at), label, made_by))
            binder.texts[number] = (text, runs)
            return binder.revisions[-1]

    def list(self, article: int) -> list[Revision]:
        """Keep the promise of Revisions.list."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            return list(binder.revisions) if binder else []

    def get(self, article: int, number: int) -> Revision:
        """Keep the promise of Revisions.get."""
        with self._shelf.lock:
            return self._binder(article, number).revisions[number - 1]

    def text(self, article: int, number: int) -> str:
        """Keep the promise of Revisions.text."""
        with self._shelf.lock:
            return self._binder(article, number).texts[number][0]

    def spans(self, article: int, number: int) -> tuple[Span, ...]:
        """Keep the promise of Revisions.spans."""
        with self._shelf.lock:
            return self._binder(article, number).texts[number][1]

    def replace_text(
        self, article: int, number: int, text: str, spans: Iterable[tuple[int, int, str]]
    ) -> None:
        """Keep the promise of Revisions.replace_text."""
        runs = _runs(spans)
        with self._shelf.lock:
            binder = self._binder(article, number)
            self._shelf.know({span.author for span in runs})
            binder.texts[number] = (text, runs)

    def _binder(self, article: int, number: int) -> Binder:
        """Give the binder that holds this revision."""
        binder = self._shelf.binders.get(article)
        if binder is None or number not in binder.texts:
            raise UnknownRevision(f"The article has no revision {number}.")
        return binder


def _runs(spans: Iterable[tuple[int, int, str]]) -> tuple[Span, ...]:
    return tuple(sorted(Span(*span) for span in spans))
