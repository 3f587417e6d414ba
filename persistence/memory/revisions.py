"""The revisions in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from persistence.errors import UnknownRevision
from persistence.instant import utc
from persistence.memory.shelf import Binder, Shelf
from persistence.revisions import Count, Digest, Loss, Mark, Revision, Span
from persistence.storable import storable


class MemoryRevisions:
    """Revisions in binders."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def add(self, article: int, mark: Mark, digest: Digest) -> Revision:
        """Keep the promise of Revisions.add."""
        with self._shelf.lock:
            binder = self._shelf.binder(article)
            number = _marked(binder, mark) or len(binder.marks) + 1
            if number not in binder.digests:
                self._shelf.know({mark.made_by, *_authors(digest)})
                binder.marks.setdefault(number, replace(mark, at=utc(mark.at)))
                binder.digests[number] = _tidy(digest)
            return self.get(article, number)

    def put(self, article: int, number: int, digest: Digest) -> Revision:
        """Keep the promise of Revisions.put."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            if binder is None or number not in binder.marks:
                raise _unknown(number)
            self._shelf.know(_authors(digest))
            binder.digests[number] = _tidy(digest)
            return self.get(article, number)

    def marks(self, article: int) -> list[tuple[int, Mark]]:
        """Keep the promise of Revisions.marks."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            return [*binder.marks.items()] if binder else []

    def list(self, article: int, limit: int = 50, before: int | None = None) -> list[Revision]:
        """Keep the promise of Revisions.list."""
        every = sorted(self._all(article), key=lambda revision: -revision.number)
        return [one for one in every if before is None or one.number < before][:limit]

    def get(self, article: int, number: int) -> Revision:
        """Keep the promise of Revisions.get."""
        for revision in self._all(article):
            if revision.number == number:
                return revision
        raise _unknown(number)

    def latest(self, article: int) -> Revision | None:
        """Keep the promise of Revisions.latest."""
        return max(self._all(article), key=_place, default=None)

    def at_or_before(self, article: int, seq: int, below: int | None = None) -> Revision | None:
        """Keep the promise of Revisions.at_or_before."""
        meant = [
            revision
            for revision in self._all(article)
            if revision.seq <= seq and (below is None or revision.number < below)
        ]
        return max(meant, key=_place, default=None)

    def text(self, article: int, number: int) -> str:
        """Keep the promise of Revisions.text."""
        return self._digest(article, number).text

    def spans(self, article: int, number: int) -> tuple[Span, ...]:
        """Keep the promise of Revisions.spans."""
        return tuple(Span(*span) for span in self._digest(article, number).spans)

    def counts(self, article: int, numbers: Iterable[int]) -> Mapping[int, tuple[Count, ...]]:
        """Keep the promise of Revisions.counts."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            digests = binder.digests if binder else {}
            return {
                number: tuple(Count(*count) for count in digests[number].counts)
                if number in digests
                else ()
                for number in numbers
            }

    def losses(self, article: int, number: int) -> tuple[Loss, ...]:
        """Keep the promise of Revisions.losses."""
        return tuple(Loss(*loss) for loss in self._digest(article, number).losses)

    def vectors(self, article: int) -> Iterator[tuple[int, bytes]]:
        """Keep the promise of Revisions.vectors."""
        with self._shelf.lock:
            numbers = [one.number for one in sorted(self._all(article), key=_place)]
            vectors = [self._digest(article, number).state_vector for number in numbers]
        return zip(numbers, vectors, strict=True)

    def _all(self, article: int) -> Sequence[Revision]:
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            return [_revision(binder, number) for number in binder.digests] if binder else []

    def _digest(self, article: int, number: int) -> Digest:
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            if binder is None or number not in binder.digests:
                raise _unknown(number)
            return binder.digests[number]


def _marked(binder: Binder, mark: Mark) -> int | None:
    """Give the number under which the server has no need to mark this point again."""
    if mark.reason == "named":
        return None
    same = (number for number, known in binder.marks.items() if known.seq == mark.seq)
    return next(same, None)


def _revision(binder: Binder, number: int) -> Revision:
    mark, doubt = binder.marks[number], binder.digests[number].doubt
    heading = (mark.seq, mark.at, mark.label, mark.made_by, mark.note, mark.reason)
    return Revision(binder.id, number, *heading, doubt)


def _place(revision: Revision) -> tuple[int, int]:
    return (revision.seq, revision.number)


def _authors(digest: Digest) -> set[str]:
    told = {author for *_, author in digest.spans} | {author for author, *_ in digest.counts}
    return told.union(*((author, by) for author, by, _ in digest.losses))


def _tidy(digest: Digest) -> Digest:
    return replace(
        digest,
        text=storable(digest.text),
        spans=tuple(sorted(digest.spans)),
        counts=tuple(sorted(digest.counts)),
        losses=tuple(sorted(digest.losses)),
    )


def _unknown(number: int) -> UnknownRevision:
    return UnknownRevision(f"The article has no revision {number}.")
