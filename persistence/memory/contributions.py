"""The contributions in memory."""

from collections.abc import Iterable, Iterator

from persistence.contributions import (
    Contributed,
    Contribution,
    ContributionPlace,
    Total,
    by_share,
)
from persistence.memory.articles import article_of
from persistence.memory.shelf import Shelf


class MemoryContributions:
    """Contributions in binders."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def replace(self, article: int, seq: int, rows: Iterable[tuple[str, int, int]]) -> None:
        """Keep the promise of Contributions.replace."""
        told = [Contribution(article, author, seq, *counts) for author, *counts in rows]
        with self._shelf.lock:
            binder = self._shelf.binder(article)
            self._shelf.know({row.author for row in told})
            if all(known.seq <= seq for known in binder.contributions):
                binder.contributions = sorted(told, key=by_share)

    def of_article(self, article: int) -> list[Contribution]:
        """Keep the promise of Contributions.of_article."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            return list(binder.contributions) if binder else []

    def of_articles(self, articles: Iterable[int]) -> dict[int, list[Contribution]]:
        """Keep the promise of Contributions.of_articles."""
        return {article: self.of_article(article) for article in articles}

    def of_author(
        self,
        author: str,
        limit: int = 50,
        after: ContributionPlace | None = None,
        *,
        only_public: bool = False,
    ) -> list[Contributed]:
        """Keep the promise of Contributions.of_author."""
        every = sorted(self._by(author, only_public), key=lambda one: one.place, reverse=True)
        return [one for one in every if after is None or one.place < after][:limit]

    def total(self, author: str, *, only_public: bool = False) -> Total:
        """Keep the promise of Contributions.total."""
        rows = [one.contribution for one in self._by(author, only_public)]
        return Total(
            len(rows), sum(row.written for row in rows), sum(row.surviving for row in rows)
        )

    def _by(self, author: str, only_public: bool) -> Iterator[Contributed]:  # noqa: FBT001 - private
        with self._shelf.lock:
            binders = list(self._shelf.binders.values())
            for binder in binders:
                if not (only_public and binder.visibility == "private"):
                    for row in binder.contributions:
                        if row.author == author:
                            yield Contributed(article_of(binder), row)
