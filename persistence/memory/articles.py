"""The articles in memory."""

from datetime import datetime

from persistence.articles import Article, Place, Visibility
from persistence.errors import SlugTaken, UnknownArticle
from persistence.instant import utc
from persistence.memory.shelf import Binder, Shelf
from persistence.texts import ArticleText


class MemoryArticles:
    """Articles in binders."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def create(
        self,
        slug: str,
        title: str,
        created_by: str,
        visibility: Visibility = "public",
        *,
        at: datetime,
    ) -> Article:
        """Keep the promise of Articles.create."""
        with self._shelf.lock:
            self._shelf.know({created_by})
            binders = self._shelf.binders
            if any(binder.slug == slug for binder in binders.values()):
                raise SlugTaken(f"There is an article {slug} already.")
            binder = Binder(len(binders) + 1, slug, title, created_by, utc(at), visibility)
            binder.newest = ArticleText(binder.id, 0, "")
            binders[binder.id] = binder
            return article_of(binder)

    def get(self, slug: str) -> Article:
        """Keep the promise of Articles.get."""
        with self._shelf.lock:
            return article_of(self._binder(slug))

    def list(
        self, limit: int = 50, before: Place | None = None, visibility: Visibility | None = None
    ) -> list[Article]:
        """Keep the promise of Articles.list."""
        with self._shelf.lock:
            articles = [article_of(binder) for binder in self._shelf.binders.values()]
        listed = [
            article
            for article in sorted(articles, key=lambda article: article.place, reverse=True)
            if (before is None or article.place < before)
            and (visibility is None or article.visibility == visibility)
        ]
        return listed[:limit]

    def set_title(self, slug: str, title: str) -> Article:
        """Keep the promise of Articles.set_title."""
        with self._shelf.lock:
            self._binder(slug).title = title
            return self.get(slug)

    def set_visibility(self, slug: str, visibility: Visibility) -> Article:
        """Keep the promise of Articles.set_visibility."""
        with self._shelf.lock:
            self._binder(slug).visibility = visibility
            return self.get(slug)

    def _binder(self, slug: str) -> Binder:
        for binder in self._shelf.binders.values():
            if binder.slug == slug:
                return binder
        raise UnknownArticle(f"There is no article {slug}.")


def article_of(binder: Binder) -> Article:
    """Give what a binder says of its article."""
    return Article(
        id=binder.id,
        slug=binder.slug,
        title=binder.title,
        head=len(binder.log),
        created_by=binder.created_by,
        created_at=binder.created_at,
        visibility=binder.visibility,
        changed_at=binder.log[-1].at if binder.log else binder.created_at,
    )
