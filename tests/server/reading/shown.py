"""What a reader sees of rendered HTML: its characters in order, each with the run it stands in."""

from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import pairwise

from crdt.stretches import Stretch
from server.reading.citations import cited
from server.reading.credits import Credits, Firsts
from server.reading.markdown import tokens
from server.reading.tokens import Piece, Token
from server.reading.writer import Writer, Written

VOID = ("br", "hr")
OURS = ("pubmed",)  # classes of what the page itself says


class Page(HTMLParser):
    """`characters`: (character, number of the author's class); `links`: addresses."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.characters: list[tuple[str, int | None]] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._within: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()
        assert not self._within, "everything that opens closes"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        known = dict(attrs)
        assert set(known) <= {"class", "id", "dir", "href", "rel", "title", "start"}
        address = known.get("href")
        if address and not address.startswith("#m"):
            self.links.append(address)
        if tag not in VOID:
            self._within.append((tag, (known.get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        assert self._within.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        classes = [name for _, names in self._within for name in names]
        if any(name in OURS for name in classes):
            return
        by = [int(name[1:]) for name in classes if name[0] == "b" and name[1:].isdecimal()]
        assert len(by) == 1, "every character stands in one run"
        self.characters += [(character, by[0]) for character in data]


def stretches_of(text: str, cuts: Sequence[int]) -> list[Stretch]:
    """A text whose author changes at each of these places; three authors take turns."""
    bounds = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    found, clock = [], 0
    for number, (start, end) in enumerate(pairwise(bounds)):
        part = text[start:end]
        length = len(part.encode("utf-16-le")) // 2
        author = f"author{number % 3}"
        found.append(Stretch(7, clock, length, part, author, 0, (7, clock), None, None))
        clock += length
    return found


CLASSES = {f"author{number}": number for number in range(3)}


def rendered(text: str, cuts: Sequence[int] = ()) -> tuple[list[Token], Written, Credits]:
    """The tokens of a text, its HTML, and who wrote what."""
    credit = Credits(stretches_of(text, cuts), Firsts([]))
    said, references = cited(list(tokens(text)))
    return said, Writer(credit, CLASSES, references, str).write(said), credit


def pieces(said: Sequence[Token]) -> list[Piece]:
    """What of the tokens is shown text of the source."""
    return [token for token in said if isinstance(token, Piece)]
