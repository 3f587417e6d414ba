"""People on a page: with their shares of something, and a dye each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from persistence.authors import Author
from server.reading.dyes import Dye, dyes
from server.reading.told import percent


@dataclass(frozen=True, slots=True)
class Part:
    """What one of several people has of a whole, in code points; `place` is of the dye's class."""

    author: str
    name: str
    place: int
    characters: int
    whole: int

    @property
    def share(self) -> str:
        """The part in per cent."""
        return percent(self.characters, self.whole)


def fading(place: int) -> Markup:
    """The style that keeps the runs of one class, marks them, and lets the rest fade."""
    return Markup(
        ".prose .r:not(.b{0}){{opacity:.35}}.prose .r.b{0}{{background:var(--tint)}}"
    ).format(place)


class People:
    """All who are named on one page; the first ones come first in the classes of their dyes."""

    def __init__(self, authors: Mapping[str, Author], order: Iterable[str]) -> None:
        self._authors = authors
        self._places = {author: place for place, author in enumerate(dict.fromkeys(order))}

    @property
    def dyes(self) -> list[tuple[int, Dye]]:
        """The dye of each class."""
        colours = {author: self._colour(author) for author in self._places}
        return [(self._places[author], dye) for author, dye in dyes(colours).items()]

    def parts(self, shares: Iterable[tuple[str, int]]) -> list[Part]:
        """Name those who have a share; without characters there is none."""
        having = [(author, characters) for author, characters in shares if characters]
        whole = sum(characters for _, characters in having)
        return [
            Part(author, self.name(author), self._places[author], characters, whole)
            for author, characters in having
        ]

    def place(self, author: str) -> int:
        """The place of an author's dye among the classes."""
        return self._places[author]

    def name(self, author: str) -> str:
        """The name to show."""
        known = self._authors.get(author)
        return known.name if known else "Somebody"

    def _colour(self, author: str) -> str:
        known = self._authors.get(author)
        return known.colour if known else ""
