"""A store: the log, the articles and all that belongs to them, behind one door."""

from collections.abc import Mapping
from typing import Protocol

from persistence.articles import Articles
from persistence.authors import Authors
from persistence.checkpoints import Checkpoints
from persistence.contributions import Contributions
from persistence.frames import Frames
from persistence.log import UpdateLog
from persistence.memory import MemoryStore
from persistence.quarantine import Quarantine
from persistence.revisions import Revisions
from persistence.schema import PATIENCE, POOL_OVERFLOW, POOL_SIZE, engine
from persistence.secrets import Secrets
from persistence.sql import SqlStore
from persistence.texts import Texts

__all__ = ["MemoryStore", "SqlStore", "Store", "open_store"]


class Store(Protocol):
    """All that survives a crash.

    Authors, articles, log, the marks of revisions, quarantine and secrets are the truth (law 4).
    """

    @property
    def log(self) -> UpdateLog:
        """The update log."""

    @property
    def articles(self) -> Articles:
        """The articles."""

    @property
    def authors(self) -> Authors:
        """The authors."""

    @property
    def checkpoints(self) -> Checkpoints:
        """The checkpoints."""

    @property
    def revisions(self) -> Revisions:
        """The revisions."""

    @property
    def frames(self) -> Frames:
        """The frames of replays."""

    @property
    def texts(self) -> Texts:
        """The newest texts, and the search in them."""

    @property
    def contributions(self) -> Contributions:
        """Who wrote how much of what."""

    @property
    def quarantine(self) -> Quarantine:
        """The quarantine."""

    @property
    def secrets(self) -> Secrets:
        """The secrets that all servers of this store share."""

    def wipe_derived(self, article: int) -> None:
        """Forget all that follows from the article's log and the marks in it. UnknownArticle.

        That is its owners, checkpoints, revisions, frames, newest text and contributions; the
        marks of its revisions stay.
        """

    def replace_owners(self, article: int, owners: Mapping[int, str]) -> None:
        """Store the article's owners anew, as the log tells them. UnknownArticle, UnknownAuthor."""

    def close(self) -> None:
        """Let go of every connection."""


def open_store(
    url: str,
    patience: float = PATIENCE,
    *,
    pool_size: int = POOL_SIZE,
    pool_overflow: int = POOL_OVERFLOW,
) -> Store:
    """Open the store in a database whose tables are migrated; nothing is read or written yet.

    A database that has not answered after `patience` seconds is in trouble (LogUnavailable). On
    PostgreSQL `pool_size` connections stay open, and up to `pool_overflow` more when needed.
    """
    return SqlStore(
        engine(url, patience=patience, pool_size=pool_size, pool_overflow=pool_overflow)
    )
