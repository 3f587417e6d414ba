"""Revisions: what every keeper of readable points in a log promises."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

Reason = Literal["named", "quiet", "work", "left"]


class Span(NamedTuple):
    """A run of a text's characters with one author; start and length in code points."""

    start: int
    length: int
    author: str


class Count(NamedTuple):
    """What an author has to do with a revision, in code points.

    `kept` of the author's characters stood in the revision before, `inserted` did not; `deleted`
    were there before, whoever wrote them, and it was this author who took them away.
    """

    author: str
    inserted: int
    deleted: int
    kept: int


class Loss(NamedTuple):
    """Characters of an author that stood in the revision before, and who took them away.

    `length` in code points. Of each `deleted_by`, the losses are what Count calls deleted.
    """

    author: str
    deleted_by: str
    length: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in a log that somebody, or the server, chose: it follows from nothing else.

    `made_by` is None where the server did so by itself; `reason` says what moved it.
    """

    seq: int
    at: datetime
    reason: Reason
    label: str = ""
    note: str = ""
    made_by: str | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What follows from the log for a mark.

    `state_vector`: the IDs that had been inserted by then, as a Yjs state vector. `doubt` names
    the derivations that did not agree, if any did not.
    """

    text: str
    spans: Sequence[tuple[int, int, str]]
    counts: Sequence[tuple[str, int, int, int]]
    state_vector: bytes
    doubt: str | None = None
    losses: Sequence[tuple[str, str, int]] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """The heading of a revision: number 1, 2, 3, ... in its article, with its mark."""

    article: int
    number: int
    seq: int
    at: datetime
    label: str
    made_by: str | None
    note: str
    reason: Reason
    doubt: str | None = None

    @property
    def mark(self) -> Mark:
        """The point in the log."""
        return Mark(self.seq, self.at, self.reason, self.label, self.note, self.made_by)


class Revisions(Protocol):
    """The revisions of every article: marks, which are truth, and their digests, which follow.

    A revision is there as long as its digest is. All calls are synchronous, may come from any
    thread, and raise LogUnavailable on trouble.
    """

    def add(self, article: int, mark: Mark, digest: Digest) -> Revision:
        """Store the article's next revision, whole or not at all. UnknownArticle, UnknownAuthor.

        Where the server itself marks a seq that is marked already, nothing is added: the revision
        with the lowest number there is given, and gets this digest if it has none.
        """

    def put(self, article: int, number: int, digest: Digest) -> Revision:
        """Store a mark's digest in place of what was there. UnknownRevision, UnknownAuthor."""

    def marks(self, article: int) -> Sequence[tuple[int, Mark]]:
        """Give the numbers and marks of the article in order, whether there are digests or not."""

    def list(self, article: int, limit: int = 50, before: int | None = None) -> Sequence[Revision]:
        """Give up to `limit` revisions, the highest number first, with numbers below `before`."""

    def get(self, article: int, number: int) -> Revision:
        """Give one revision. UnknownRevision."""

    def latest(self, article: int) -> Revision | None:
        """Give the revision with the highest seq; of equal ones that with the highest number."""

    def at_or_before(self, article: int, seq: int, below: int | None = None) -> Revision | None:
        """Give the latest revision that is not after `seq`, of those with numbers below `below`."""

    def text(self, article: int, number: int) -> str:
        """Give a revision's text. UnknownRevision."""

    def spans(self, article: int, number: int) -> tuple[Span, ...]:
        """Give a revision's spans in order of their starts. UnknownRevision."""

    def counts(self, article: int, numbers: Iterable[int]) -> Mapping[int, tuple[Count, ...]]:
        """Give the authors' counts of each of these revisions by author id; () if unknown."""

    def losses(self, article: int, number: int) -> tuple[Loss, ...]:
        """Give whose text was taken away by whom, in order of their ids. UnknownRevision."""

    def vectors(self, article: int) -> Iterator[tuple[int, bytes]]:
        """Give number and state vector of all revisions in order of seq, then number."""
