"""Articles: what every keeper of them promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Visibility = Literal["public", "private"]
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Article:
    """An article: `head` is its last seq, `changed_at` the time of that row or of its creation."""

    id: int
    slug: str
    title: str
    head: int
    created_by: str
    created_at: datetime
    visibility: Visibility
    changed_at: datetime

    @property
    def place(self) -> Place:
        """Where the article stands in a listing: newest change first, then highest id."""
        return (self.changed_at, self.id)


class Articles(Protocol):
    """The articles by slug.

    All calls are synchronous, may come from any thread, and raise LogUnavailable on trouble.
    """

    def create(
        self,
        slug: str,
        title: str,
        created_by: str,
        visibility: Visibility = "public",
        *,
        at: datetime,
    ) -> Article:
        """Make an empty article. SlugTaken, UnknownAuthor: nothing was made."""

    def get(self, slug: str) -> Article:
        """Give the article of this slug. UnknownArticle."""

    def list(
        self,
        limit: int = 50,
        before: Place | None = None,
        visibility: Visibility | None = None,
    ) -> Sequence[Article]:
        """Give up to `limit` articles, newest change first, that stand after the place `before`."""

    def set_title(self, slug: str, title: str) -> Article:
        """Give the article another title. UnknownArticle."""

    def set_visibility(self, slug: str, visibility: Visibility) -> Article:
        """Make the article public or private. UnknownArticle."""
