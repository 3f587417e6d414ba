"""What a store in memory holds, under one lock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from persistence.articles import Visibility
from persistence.authors import Author
from persistence.checkpoints import Checkpoint
from persistence.contributions import Contribution
from persistence.errors import UnknownArticle, UnknownAuthor
from persistence.frames import Frame
from persistence.log import Entry
from persistence.quarantine import Suspect
from persistence.revisions import Digest, Mark
from persistence.texts import ArticleText


@dataclass(slots=True)
class Binder:
    """One article with all that belongs to it; its head is the length of its log."""

    id: int
    slug: str
    title: str
    created_by: str
    created_at: datetime
    visibility: Visibility
    log: list[Entry] = field(default_factory=list)
    owners: dict[int, str] = field(default_factory=dict)
    checkpoints: dict[int, Checkpoint] = field(default_factory=dict)
    marks: dict[int, Mark] = field(default_factory=dict)
    digests: dict[int, Digest] = field(default_factory=dict)
    frames: dict[tuple[int, int], Frame] = field(default_factory=dict)
    contributions: list[Contribution] = field(default_factory=list)
    newest: ArticleText | None = None


@dataclass(slots=True)
class Shelf:
    """Authors and binders by id; whoever reads or writes holds the lock."""

    lock: RLock = field(default_factory=RLock)
    authors: dict[str, Author] = field(default_factory=dict)
    binders: dict[int, Binder] = field(default_factory=dict)
    suspects: dict[int, Suspect] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def binder(self, article: int) -> Binder:
        """Give the binder of an article. UnknownArticle."""
        if article not in self.binders:
            raise UnknownArticle(f"There is no article {article}.")
        return self.binders[article]

    def know(self, authors: Iterable[str | None]) -> None:
        """Raise UnknownAuthor unless all these authors are stored; None is the server."""
        strangers = {author for author in authors if author is not None}.difference(self.authors)
        if strangers:
            raise UnknownAuthor(f"There are no authors {', '.join(sorted(strangers))}.")
