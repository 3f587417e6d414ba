"""An occasion: when an article is due for a revision, from what is seen of it from time to time."""

from typing import NamedTuple

from persistence.revisions import Reason
from server.settings import Settings


class Patience(NamedTuple):
    """Seconds without edits, of continuous work, and after the last writer left."""

    quiet: float
    work: float
    left: float

    @classmethod
    def of(cls, settings: Settings) -> "Patience":
        """What an operator chose."""
        return cls(
            settings.revision_quiet_seconds,
            settings.revision_work_seconds,
            settings.revision_left_seconds,
        )


class Occasion:
    """What has happened in one article since its last revision; times are monotonic seconds.

    What was there when it was first seen counts as new: whoever makes the revision knows better.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._head = 0
        self._since: float | None = None  # the first edit that is in no revision
        self._latest = 0.0  # the last edit
        self._left: float | None = None  # the last writer

    @property
    def pending(self) -> bool:
        """Whether there are edits that are in no revision."""
        return self._since is not None

    def look(self, head: int, now: float, *, writers: bool) -> None:
        """Take note of the article's head, and whether anybody is there who may write."""
        if head > self._head:
            self._head, self._latest = head, now
            self._since = now if self._since is None else self._since
        if writers:
            self._left = None
        elif self._left is None:
            self._left = now

    def due(self, now: float) -> Reason | None:
        """Why a revision should be made now; None: it should not."""
        if self._since is None:
            return None
        if self._left is not None and now - max(self._left, self._latest) >= self._patience.left:
            return "left"
        if now - self._latest >= self._patience.quiet:
            return "quiet"
        return "work" if now - self._since >= self._patience.work else None

    def revised(self, seq: int, now: float) -> None:
        """Take note of a revision that has all rows up to `seq`."""
        self._since = None if seq >= self._head else now

    def put_off(self, now: float) -> None:
        """Begin to wait anew: it could not be made now."""
        self._since = self._latest = now
