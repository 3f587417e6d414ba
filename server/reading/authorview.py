"""The page of one person: what its template shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from persistence.authors import Author
from persistence.contributions import Contributed, ContributionPlace, Total
from persistence.store import Store
from server.reading.people import Part, People
from server.reading.told import question

ROWS = 50


@dataclass(frozen=True, slots=True)
class Wrote:
    """An article that the person wrote in, and everybody's parts of it."""

    contributed: Contributed
    parts: Sequence[Part]
    own: Part | None


@dataclass(frozen=True, slots=True)
class AuthorView:
    """A person with all that they wrote."""

    author: Author
    total: Total
    rows: Sequence[Wrote]
    people: People
    next: str | None


def author_view(store: Store, author: str, after: str, *, only_public: bool) -> AuthorView:
    """Gather what the page shows. UnknownAuthor; ValueError when `after` is no place."""
    person = store.authors.get(author)
    place = _place(after) if after else None
    found = store.contributions.of_author(author, ROWS + 1, place, only_public=only_public)
    shown = found[:ROWS]
    shares = {
        article: [(one.author, one.surviving) for one in known]
        for article, known in store.contributions.of_articles(
            [one.article.id for one in shown]
        ).items()
    }
    order = [author, *(other for known in shares.values() for other, _ in known)]
    people = People(store.authors.many(set(order)), order)
    return AuthorView(
        person,
        store.contributions.total(author, only_public=only_public),
        [_wrote(one, people.parts(shares.get(one.article.id, ())), author) for one in shown],
        people,
        question(after=_written(shown[-1].place)) if len(found) > ROWS else None,
    )


def _wrote(contributed: Contributed, parts: Sequence[Part], author: str) -> Wrote:
    own = next((part for part in parts if part.author == author), None)
    return Wrote(contributed, parts, own)


def _place(text: str) -> ContributionPlace:
    surviving, written, article = map(int, text.split("-"))
    return surviving, written, article


def _written(place: ContributionPlace) -> str:
    return "-".join(map(str, place))
