"""The update log: what every keeper of the only truth promises."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from persistence.errors import HeadMoved, LogUnavailable

__all__ = [
    "CHECKED_BYTES",
    "MOST_BETWEEN",
    "Append",
    "Entry",
    "HeadMoved",
    "LogUnavailable",
    "Row",
    "Theirs",
    "UpdateLog",
    "never",
]

CHECKED_BYTES = 64 * 1024  # a disk that has less than that is full
MOST_BETWEEN = 2_000  # rows of other writers after which an append may go on


@dataclass(frozen=True, slots=True)
class Row:
    """One author's part of a turn: a version 1 update, and the attribution it carries over."""

    author: str
    payload: bytes
    carried: bytes | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log as it was stored; `at` is the server's time, in UTC."""

    article: int
    seq: int
    author: str
    at: datetime
    payload: bytes
    carried: bytes | None


Theirs = Mapping[int, Sequence[Entry]]  # by article, what other writers had stored before


def never(_between: Sequence[Entry]) -> bool:
    """Go on after nobody's rows."""
    return False


@dataclass(frozen=True, slots=True)
class Append:
    """The rows of one article, built on its `head`: they get head + 1, head + 2, ...

    `claims` are owners that these rows bring with them: client id -> author id. `follows` is asked
    when other writers were first: whether these rows may come after what they stored instead.
    """

    article: int
    head: int
    rows: tuple[Row, ...]
    claims: Mapping[int, str] = field(default_factory=dict)
    follows: Callable[[Sequence[Entry]], bool] = never


class UpdateLog(Protocol):
    """An append-only log for every article: seqs 1, 2, 3, ... dense, in commit order.

    All calls are synchronous and may come from any thread.
    """

    def append(self, batch: Sequence[Append], at: datetime) -> Theirs:
        """Store the whole batch in one durable transaction, or nothing of it.

        Where other writers were first, and the rows may follow theirs (at most MOST_BETWEEN), they
        get the next seqs; those rows of others are returned, by article. An article stands at most
        once in a batch (else ValueError). When the call returns, a crash of every process loses
        nothing. HeadMoved: some rows may not follow what others stored, an article is unknown or
        its head lower than expected, or a claimed client id is another author's; nothing was
        stored. UnknownAuthor: nothing was stored. LogUnavailable: the outcome is unknown, read
        `heads`.
        """

    def read(self, article: int, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Give the rows after < seq <= until in order of seq, a bounded page in memory.

        Rows that are appended while reading may be among them. LogUnavailable on trouble.
        """

    def after(self, heads: Mapping[int, int], most: int) -> list[Entry]:
        """Give the rows after each article's head, by article, then seq; `most` of them at most.

        However many articles are asked for, the log is asked once. LogUnavailable on trouble.
        """

    def heads(self, articles: Sequence[int]) -> dict[int, int]:
        """Give the last seq of each article, 0 for an empty one; unknown ones are left out."""

    def owners(self, article: int) -> dict[int, str]:
        """Give the author of each client id that was claimed in the article."""

    def check(self) -> None:
        """Write CHECKED_BYTES durably and take them away again. LogUnavailable when it cannot."""


def in_order(batch: Sequence[Append]) -> list[Append]:
    """Sort a batch by article, the order in which every writer takes its locks."""
    if len(batch) == 1:  # in most turns
        return list(batch)
    ordered = sorted(batch, key=lambda append: append.article)
    if len({append.article for append in ordered}) < len(ordered):
        raise ValueError("an article stands twice in a batch")
    return ordered


def authors_of(batch: Sequence[Append]) -> set[str]:
    """Collect the authors whom a batch names, in its rows and in its claims."""
    writers = {row.author for append in batch for row in append.rows}
    return writers.union(*(append.claims.values() for append in batch))
