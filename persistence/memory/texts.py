"""The texts in memory: the measure of what a search finds."""

from collections.abc import Iterable

from persistence.memory.articles import article_of
from persistence.memory.shelf import Binder, Shelf
from persistence.query import Query, matches, parse
from persistence.snippet import snippet
from persistence.storable import storable
from persistence.texts import ArticleText, Found, FoundPlace
from persistence.words import words_of


class MemoryTexts:
    """Texts in binders."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def put(self, article: int, seq: int, text: str) -> None:
        """Keep the promise of Texts.put."""
        with self._shelf.lock:
            binder = self._shelf.binder(article)
            if binder.newest is None or binder.newest.seq <= seq:
                binder.newest = ArticleText(article, seq, storable(text))

    def get(self, article: int) -> ArticleText | None:
        """Keep the promise of Texts.get."""
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            return binder.newest if binder else None

    def openings(self, articles: Iterable[int], length: int = 280) -> dict[int, str]:
        """Keep the promise of Texts.openings."""
        kept = {article: self.get(article) for article in articles}
        return {article: newest.text[:length] for article, newest in kept.items() if newest}

    def search(
        self,
        query: str,
        limit: int = 20,
        after: FoundPlace | None = None,
        *,
        only_public: bool = True,
    ) -> list[Found]:
        """Keep the promise of Texts.search."""
        asked = parse(query)
        with self._shelf.lock:
            hits = [
                _found(binder, asked)
                for binder in self._shelf.binders.values()
                if binder.newest is not None
                and matches(asked, words_of(binder.title, binder.newest.text))
                and not (only_public and binder.visibility == "private")
            ]
        listed = sorted(hits, key=lambda found: found.place, reverse=True)
        return [found for found in listed if after is None or found.place < after][:limit]


def _found(binder: Binder, query: Query) -> Found:
    text = binder.newest.text if binder.newest else ""
    in_title = matches(query, words_of(binder.title))
    return Found(article_of(binder), in_title, snippet(text, query))
