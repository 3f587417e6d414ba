"""Two articles that three people wrote, in a store: the story on which docs/sql.md is tried out."""

from datetime import UTC, datetime
from itertools import pairwise

from persistence.authors import Author
from persistence.edits import row_of
from persistence.log import Append
from persistence.store import Store
from server.digest import Wish, revise
from tests.support.people import ROOT, Desk, Person, desk

NAMES = {"ada": "Ada", "bo": "Bo", "cy": "Cy"}
QUIET = Wish("quiet")


class Story:
    """One article, told edit by edit; what somebody does is seen by all before the next."""

    def __init__(self, store: Store, slug: str, title: str, by: str, day: str) -> None:
        made = store.articles.create(slug, title, by, at=_at(day))
        self._store, self._article = store, made.id
        self._desk: Desk = desk(*NAMES)

    def write(self, who: str, when: str, old: str, new: str) -> None:
        """Put `new` where `old` is, and leave alone what both begin and end with.

        Without `old` it goes to the end.
        """
        text, person = self._desk.live.text(), self._person(who)
        at = text.index(old) if old else len(text)
        front = _alike(old, new)
        back = _alike(old[front:][::-1], new[front:][::-1])
        if len(old) > front + back:
            person.delete(at + front, at + len(old) - back)
        if len(new) > front + back:
            person.insert(at + front, new[front : len(new) - back])
        self._share(when)

    def undo(self, who: str, when: str) -> None:
        """Let somebody take back what was done last."""
        self._person(who).undo.undo()
        self._share(when)

    def revise(self, wish: Wish = QUIET) -> None:
        """Make a revision of what there is."""
        revise(self._store, ROOT, self._article, len(self._desk.rows), wish, None)

    def _person(self, who: str) -> Person:
        return next(person for person in self._desk.people if person.name == who)

    def _share(self, when: str) -> None:
        before = len(self._desk.rows)
        self._desk.share()
        rows = [row_of(edit) for _, edit in self._desk.rows]
        for seq, end in pairwise(range(before, len(rows) + 1)):
            self._store.log.append([Append(self._article, seq, tuple(rows[seq:end]))], _at(when))


def tell(store: Store) -> None:
    """Store the whole story."""
    for author, name in NAMES.items():
        store.authors.create(Author(author, author, name, "#336699", _at("2026-01-01")))
    _bach2(Story(store, "bach2", "Bach2", "ada", "2026-01-05"))
    _prdm1(Story(store, "prdm1", "Prdm1", "bo", "2026-02-10"))


def _bach2(story: Story) -> None:
    story.write("ada", "2026-01-05T09:10", "", "# Bach2\n\nBach2 represses Prdm1 in B cells.\n")
    story.write("ada", "2026-01-05T09:40", "", "\n## Domains\n\nIt has a BTB domain.\n")
    story.revise()
    story.write("bo", "2026-01-05T14:05", "", "\n## Disease\n\nVariants cause BRIDA.\n")
    story.write("bo", "2026-01-05T14:20", "B cells", "B and T cells")
    story.revise()
    story.write("cy", "2026-02-02T09:15", "a BTB domain", "a BTB domain and a bZip domain")
    story.write("ada", "2026-02-02T09:30", "Variants cause", "Rare variants may cause")
    story.revise(Wish("named", "Submitted", "To the journal", "ada", _at("2026-02-02T10:00")))
    story.write("bo", "2026-02-03T09:00", "represses Prdm1 in", "is found in")
    story.revise()
    story.undo("bo", "2026-02-03T09:01")
    story.undo("bo", "2026-02-03T09:02")
    story.write(
        "cy", "2026-02-03T16:00", "Rare variants may cause BRIDA.", "BRIDA: see OMIM 618394."
    )
    story.revise()


def _prdm1(story: Story) -> None:
    story.write("bo", "2026-02-10T09:30", "", "# Prdm1\n\nPrdm1 makes plasma cells.\n")
    story.revise()
    story.write("cy", "2026-03-01T11:00", "", "\n## Names\n\nBlimp-1, a BTB domain it has not.\n")
    story.write("bo", "2026-03-01T11:05", "makes", "drives")
    story.revise(Wish("named", "Checked", "", "cy", _at("2026-03-01T12:00")))


def _alike(one: str, other: str) -> int:
    """With how many letters both begin."""
    places = range(min(len(one), len(other)))
    return next((place for place in places if one[place] != other[place]), len(places))


def _at(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=UTC)
