"""Frames of a replay: what every keeper of this cache promises."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows after < seq <= until of a log as one; `number` is its place in its level.

    `since` and `at` are the times of its first and of its last row, `authors` those of its rows.
    """

    article: int
    level: int
    number: int
    after: int
    until: int
    since: datetime
    at: datetime
    authors: tuple[str, ...]
    payload: bytes
    attribution: bytes


class Frames(Protocol):
    """A cache: without it every answer is the same, only later (law 4).

    All calls are synchronous, may come from any thread, and raise LogUnavailable on trouble.
    """

    def put(self, frames: Iterable[Frame]) -> None:
        """Keep frames, each in place of the one with its article, level and number.

        UnknownArticle: nothing was kept.
        """

    def read(
        self, article: int, level: int, after: int = 0, until: int | None = None
    ) -> Iterator[Frame]:
        """Give the frames of a level that lie wholly in after < seq <= until, in order.

        A bounded page is in memory.
        """

    def last(self, article: int, level: int) -> int:
        """Give the seq until which the frames of a level reach; 0 without frames."""

    def delete(self, article: int) -> None:
        """Forget all frames of an article."""
