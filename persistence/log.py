"""The update log: what every keeper of the only truth promises."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from persistence.errors import HeadMoved, LogUnavailable

__all__ = ["CHECKED_BYTES", "Append", "Entry", "HeadMoved", "LogUnavailable", "Row", "UpdateLog"]

CHECKED_BYTES = 64 * 1024  # a disk that has less than that is full


@dataclass(frozen=True, slots=True)
class Row:
    """One author's part of a turn: a version 1 update, and the attribution it carries over."""

    author: str
    payload: bytes
    carried: bytes | None = None


@dataclass(frozen=True, slots=True)
class Append:
    """The rows of one article, built on its `head`: they get head + 1, head + 2, ...

    `claims` are owners that these rows bring with them: client id -> author id.
    """

    article: int
    head: int
    rows: tuple[Row, ...]
    claims: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log as it was stored; `at` is the server's time, in UTC."""

    article: int
    seq: int
    author: str
    at: datetime
    payload: bytes
    carried: bytes | None


class UpdateLog(Protocol):
    """An append-only log for every article: seqs 1, 2, 3, ... dense, in commit order.

    All calls are synchronous and may come from any thread.
    """

    def append(self, batch: Sequence[Append], at: datetime) -> None:
        """Store the whole batch in one durable transaction, or nothing of it.

        An article stands at most once in a batch (else ValueError). When the call returns, a
        crash of every process loses nothing. HeadMoved: some heads are not as expected, an
        article is unknown, or a claimed client id is another author's; nothing was stored.
        UnknownAuthor: nothing was stored. LogUnavailable: the outcome is unknown, read `heads`.
        """

    def read(self, article: int, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Give the rows after < seq <= until in order of seq, a bounded page in memory.

        Rows that are appended while reading may be among them. LogUnavailable on trouble.
        """

    def heads(self, articles: Sequence[int]) -> dict[int, int]:
        """Give the last seq of each article, 0 for an empty one; unknown ones are left out."""

    def owners(self, article: int) -> dict[int, str]:
        """Give the author of each client id that was claimed in the article."""

    def check(self) -> None:
        """Write CHECKED_BYTES durably and take them away again. LogUnavailable when it cannot."""


def in_order(batch: Sequence[Append]) -> list[Append]:
    """Sort a batch by article, the order in which every writer takes its locks."""
    ordered = sorted(batch, key=lambda append: append.article)
    if len({append.article for append in ordered}) < len(ordered):
        raise ValueError("an article stands twice in a batch")
    return ordered


def authors_of(batch: Sequence[Append]) -> set[str]:
    """Collect the authors whom a batch names, in its rows and in its claims."""
    writers = {row.author for append in batch for row in append.rows}
    return writers.union(*(append.claims.values() for append in batch))
