"""What a store in memory holds, under one lock."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from persistence.articles import Visibility
from persistence.authors import Author
from persistence.checkpoints import Checkpoint
from persistence.errors import UnknownArticle, UnknownAuthor
from persistence.log import Entry
from persistence.quarantine import Suspect
from persistence.revisions import Revision, Span


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
    revisions: list[Revision] = field(default_factory=list)
    texts: dict[int, tuple[str, tuple[Span, ...]]] = field(default_factory=dict)


@dataclass(slots=True)
class Shelf:
    """Authors and binders by id; whoever reads or writes holds the lock."""

    lock: RLock = field(default_factory=RLock)
    authors: dict[str, Author] = field(default_factory=dict)
    binders: dict[int, Binder] = field(default_factory=dict)
    suspects: dict[int, Suspect] = field(default_factory=dict)

    def binder(self, article: int) -> Binder:
        """Give the binder of an article. UnknownArticle."""
        if article not in self.binders:
            raise UnknownArticle(f"There is no article {article}.")
        return self.binders[article]

    def know(self, authors: set[str]) -> None:
        """Raise UnknownAuthor unless all these authors are stored."""
        strangers = authors.difference(self.authors)
        if strangers:
            raise UnknownAuthor(f"There are no authors {', '.join(sorted(strangers))}.")
