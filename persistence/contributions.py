"""Contributions: who wrote how much of which article, as every keeper promises to tell it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from persistence.articles import Article

ContributionPlace = tuple[int, int, int]


class Contribution(NamedTuple):
    """An author's part of an article at `seq`, in code points.

    `written`: all that the author ever wrote there; `surviving`: what of it stands there.
    """

    article: int
    author: str
    seq: int
    written: int
    surviving: int


def by_share(row: Contribution) -> tuple[int, int, str]:
    """Order contributions: most surviving first, most written, lowest author id."""
    return (-row.surviving, -row.written, row.author)


@dataclass(frozen=True, slots=True)
class Contributed:
    """An article in which an author wrote, and how much."""

    article: Article
    contribution: Contribution

    @property
    def place(self) -> ContributionPlace:
        """Where it stands in a listing: most surviving first, most written, highest id."""
        return (self.contribution.surviving, self.contribution.written, self.article.id)


class Total(NamedTuple):
    """An author's contributions together: how many articles, and code points in them."""

    articles: int
    written: int
    surviving: int


class Contributions(Protocol):
    """The contributions, as of the newest revision of each article; they follow from the log.

    All calls are synchronous, may come from any thread, and raise LogUnavailable on trouble.
    """

    def replace(self, article: int, seq: int, rows: Iterable[tuple[str, int, int]]) -> None:
        """Store (author, written, surviving) in place of what is known; what is newer stays.

        UnknownArticle, UnknownAuthor: nothing was changed.
        """

    def of_article(self, article: int) -> Sequence[Contribution]:
        """Give an article's contributions: most surviving first, most written, lowest author id."""

    def of_articles(self, articles: Iterable[int]) -> Mapping[int, Sequence[Contribution]]:
        """Give those of each of these articles, in the same order."""

    def of_author(
        self,
        author: str,
        limit: int = 50,
        after: ContributionPlace | None = None,
        *,
        only_public: bool = False,
    ) -> Sequence[Contributed]:
        """Give up to `limit` articles in which the author wrote that stand after the place."""

    def total(self, author: str, *, only_public: bool = False) -> Total:
        """Add up all that the author wrote."""
