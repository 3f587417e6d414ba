"""The list of articles, all of them or those that were found: what its template shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from persistence.articles import Article
from persistence.snippet import Snippet
from persistence.store import Store
from persistence.texts import FoundPlace
from server.api.places import place_from_text, place_to_text
from server.reading.firstwords import first_words
from server.reading.people import Part, People
from server.reading.told import question

ROWS = 30
OPENING = 700  # code points of a text in which its first words are looked for
TITLED = "t"  # at the beginning of a place among what was found: the title has all words


@dataclass(frozen=True, slots=True)
class Row:
    """An article in the list; a `snippet` where something was looked for."""

    article: Article
    begun_by: str
    words: str
    snippet: Snippet | None
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class ListView:
    """Some articles, and where the next ones are."""

    query: str
    rows: Sequence[Row]
    people: People
    next: str | None
    is_first: bool


def list_view(store: Store, query: str, after: str, *, only_public: bool) -> ListView:
    """Gather what the page shows; ValueError when `after` is no place."""
    found = _found(store, query, after, only_public) if query else _all(store, after, only_public)
    shown, more = found[:ROWS], len(found) > ROWS
    following = question(q=query, after=shown[-1][2]) if more else None
    articles = [article for article, _, _ in shown]
    contributions = store.contributions.of_articles([article.id for article in articles])
    shares = {
        article: [(one.author, one.surviving) for one in known]
        for article, known in contributions.items()
    }
    order = [author for known in shares.values() for author, _ in known]
    order += [article.created_by for article in articles]
    people = People(store.authors.many(set(order)), order)
    openings = store.texts.openings([article.id for article in articles], OPENING)
    rows = [
        Row(
            article,
            people.name(article.created_by),
            first_words(openings.get(article.id, "")),
            snippet,
            people.parts(shares.get(article.id, ())),
        )
        for article, snippet, _ in shown
    ]
    return ListView(query, rows, people, following, not after)


Listed = list[tuple[Article, Snippet | None, str]]  # with the place that a next page is after


def _all(store: Store, after: str, only_public: bool) -> Listed:  # noqa: FBT001 - one of two
    place = place_from_text(after) if after else None
    listed = store.articles.list(ROWS + 1, place, "public" if only_public else None)
    return [(article, None, place_to_text(article.place)) for article in listed]


def _found(store: Store, query: str, after: str, only_public: bool) -> Listed:  # noqa: FBT001 - the same
    place = _found_place(after) if after else None
    found = store.texts.search(query, ROWS + 1, place, only_public=only_public)
    return [(one.article, one.snippet, _written(one.place)) for one in found]


def _found_place(text: str) -> FoundPlace:
    at, number = place_from_text(text.removeprefix(TITLED))
    return text.startswith(TITLED), at, number


def _written(place: FoundPlace) -> str:
    titled, at, number = place
    return (TITLED if titled else "") + place_to_text((at, number))
