"""Texts: the newest text of every article, as every keeper promises to keep and to search it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from persistence.articles import Article
from persistence.snippet import Snippet

FoundPlace = tuple[bool, datetime, int]


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The text of an article after `seq`."""

    article: int
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found: `in_title` if its title alone has all that was asked for."""

    article: Article
    in_title: bool
    snippet: Snippet

    @property
    def place(self) -> FoundPlace:
        """Where it stands among those found: titles first, newest change, highest id."""
        return (self.in_title, self.article.changed_at, self.article.id)


class Texts(Protocol):
    """The newest text of every article, in which people search; it follows from the log.

    An article is found by its title as soon as it is made. All calls are synchronous, may come
    from any thread, and raise LogUnavailable on trouble.
    """

    def put(self, article: int, seq: int, text: str) -> None:
        """Keep the text after `seq`, unless a newer one is kept. UnknownArticle."""

    def get(self, article: int) -> ArticleText | None:
        """Give the newest text that is kept."""

    def openings(self, articles: Iterable[int], length: int = 280) -> Mapping[int, str]:
        """Give the first `length` code points of each text that is kept."""

    def search(
        self,
        query: str,
        limit: int = 20,
        after: FoundPlace | None = None,
        *,
        only_public: bool = True,
    ) -> Sequence[Found]:
        """Give up to `limit` articles that have all words of the query, after the place `after`.

        Words are those of persistence.words; the last may be the beginning of one, and the title
        counts as text. A query without words finds nothing, and no query is an error.
        """
