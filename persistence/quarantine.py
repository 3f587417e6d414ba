"""The quarantine: what every keeper of it promises.

It holds what was in hand when a server process stalled or died. Nothing else tells of it: like
authors and articles it does not follow from the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Reason = Literal["stalled", "died"]


@dataclass(frozen=True, slots=True)
class Suspect:
    """Updates by one author to one article that were in hand at the end of a process.

    `certain`: nothing else was in hand, and nobody killed the process from outside. `payload` is
    opaque here. `released_at` is None while the author is watched in the article.
    """

    id: int
    article: int
    author: str
    at: datetime
    reason: Reason
    certain: bool
    payload: bytes
    released_at: datetime | None = None


class Quarantine(Protocol):
    """The suspects by id.

    All calls are synchronous, may come from any thread, and raise LogUnavailable on trouble.
    """

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
        """Store a suspect; one of the same article, author and moment is given as it is stored.

        UnknownArticle, UnknownAuthor: nothing was stored.
        """

    def get(self, number: int) -> Suspect:
        """Give the suspect of this id. UnknownSuspect."""

    def list(self) -> Sequence[Suspect]:
        """Give all, released ones too, by id."""

    def watched(self) -> Sequence[Suspect]:
        """Give those that are not released, by id."""

    def release(self, number: int, at: datetime) -> Suspect:
        """Note the moment of release, if it was not released before. UnknownSuspect."""
