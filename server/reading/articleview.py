"""The page of one article: what its template shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from persistence.articles import Article
from persistence.contributions import Contributed
from persistence.revisions import Revision
from persistence.store import Store
from server.reading.article import Reading
from server.reading.people import Part, People
from server.reading.sections import Section
from server.reading.told import question

TOO_DEEP = 4  # level of a heading that an outline leaves out
ELSEWHERE = 8  # articles of a chosen author that are named; the author's page has all


@dataclass(frozen=True, slots=True)
class Chosen:
    """The author whose text is kept while the rest fades; what else they wrote."""

    author: str
    name: str
    place: int
    part: Part | None
    elsewhere: Sequence[Contributed]
    everybody: str  # the address of the page with nobody chosen


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article at a moment."""

    article: Article
    reading: Reading
    revision: Revision | None  # which one was asked for; None for the newest text
    made_by: str | None
    latest: int | None
    changed_at: datetime
    parts: Sequence[Part]
    people: People
    chosen: Chosen | None

    @property
    def entitled(self) -> bool:
        """Whether the text itself begins with a title."""
        return bool(self.reading.title)

    @property
    def outline(self) -> list[Section]:
        """The headings to go to, of three levels; the title is at the top anyway."""
        sections = self.reading.sections[1 if self.entitled else 0 :]
        return [section for section in sections if section.title and section.level < TOO_DEEP]

    def link_of(self, part: Part) -> str:
        """Where choosing an author leads; choosing the chosen one lets everybody back."""
        author = None if self.chosen and self.chosen.author == part.author else part.author
        return question(revision=self.reading.wanted.revision, author=author)


def article_view(
    store: Store,
    article: Article,
    reading: Reading,
    revision: Revision | None,
    chosen: str | None,
    *,
    only_public: bool,
) -> ArticleView:
    """Gather what the page shows. UnknownAuthor when nobody can be `chosen` so."""
    wrote = [author for author, _ in reading.authors]
    others = sorted(c.author for c in store.contributions.of_article(article.id))
    asked = [author for author in (chosen, revision and revision.made_by) if author]
    order = [*wrote, *others, *asked]
    people = People(store.authors.many(set(order)), order)
    parts = people.parts(reading.authors)
    return ArticleView(
        article=article,
        reading=reading,
        revision=revision,
        made_by=people.name(revision.made_by) if revision and revision.made_by else None,
        latest=reading.wanted.latest,
        changed_at=revision.at if revision else article.changed_at,
        parts=parts,
        people=people,
        chosen=_chosen(store, article, reading, people, parts, chosen, only_public=only_public),
    )


def _chosen(
    store: Store,
    article: Article,
    reading: Reading,
    people: People,
    parts: Sequence[Part],
    author: str | None,
    *,
    only_public: bool,
) -> Chosen | None:
    if not author:
        return None
    name = store.authors.get(author).name
    found = store.contributions.of_author(author, ELSEWHERE + 1, only_public=only_public)
    return Chosen(
        author,
        name,
        people.place(author),
        next((part for part in parts if part.author == author), None),
        [one for one in found if one.article.id != article.id][:ELSEWHERE],
        question(revision=reading.wanted.revision),
    )
