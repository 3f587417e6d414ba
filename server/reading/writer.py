"""HTML of tokens: every character in a run that says who wrote it."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from server.reading.addresses import followable
from server.reading.citations import asked_of_pubmed
from server.reading.credits import Credits
from server.reading.sections import Section, Sections
from server.reading.tokens import Close, Mark, Open, Piece, Token

_OPENINGS = {
    "p": '<p dir="auto">',
    "li": '<li dir="auto">',
    "html": '<pre class="html">',
    "pre": '<pre dir="auto"><code>',
    "thead": "<thead><tr>",
    "table": '<div class="wide"><table>',
}
_ENDS = {
    "pre": "</code></pre>",
    "html": "</pre>",
    "table": "</tbody></table></div>",
    "thead": "</tr></thead><tbody>",
    "references": "</ol>",
    "reference": "</li>",
    "entry": "</p>",
}
_END_OF_LINK = "</a>"
MOST_OF_RUN = 10_000  # characters of one piece of text: nh3 needs its square
MOST_TOLD = 300  # characters of a reference that pointing at its number shows


class Written(NamedTuple):
    """An article as HTML; `title` is its first heading, if it begins with one of level 1."""

    title: str
    body: str
    sections: tuple[Section, ...]


class Writer:
    """Writes the tokens of one text, once."""

    def __init__(
        self,
        credits_: Credits,
        classes: Mapping[str, int],
        references: Mapping[int, str],
        about: Callable[[int], str],
    ) -> None:
        """`classes`: numbers of authors; `about` tells in words what a numbered credit says."""
        self._credits = credits_
        self._classes = classes
        self._references = references
        self._about = about
        self._sections = Sections()
        self._out: list[str] = []
        self._heading = 0  # where in `out` the opening of the last heading stands
        self._closing: list[str] = []
        self._links = 0  # how many are open: within a link there can be no other
        self._columns: tuple[str, ...] = ()
        self._column = 0
        self._cell = "td"
        self._spaced = False  # whether what was written last ends with a space
        self._named: set[int] = set()
        self._run: int | None = None  # the credit of the run that is open
        self._room = 0  # characters that it still takes

    def write(self, said: Sequence[Token]) -> Written:
        """Write all of it."""
        title = ""
        titled = said[:1] == [Open("h", 1)]
        for token in said:
            self._take(token)
            if titled and token == Close("h"):
                title, self._out, titled = "".join(self._out), [], False
        self._end_run()
        return Written(title, "".join(self._out), tuple(self._sections.found))

    def _take(self, token: Token) -> None:
        if isinstance(token, Piece):
            self._write_piece(token)
            return
        self._end_run()
        if isinstance(token, Open):
            self._begin(token)
        elif isinstance(token, Close):
            self._end(token.name)
        elif isinstance(token, Mark):
            self._out.append(f"<{token.name}>")
        else:
            self._out.append(escape(token.text))

    def _write_piece(self, piece: Piece) -> None:
        self._sections.read(piece.text)
        self._spaced = piece.text.endswith((" ", "\n"))
        if not piece.exact:
            self._write_run(piece.text, self._credits.at(piece.start))
            return
        at = 0
        for length, number in self._credits.runs(piece.start, piece.length):
            self._write_run(piece.text[at : at + length], number)
            at += length

    def _write_run(self, text: str, number: int) -> None:
        for start in range(0, len(text), MOST_OF_RUN):
            part = text[start : start + MOST_OF_RUN]
            if self._run != number or len(part) > self._room:
                self._end_run()
                self._run, self._room = number, MOST_OF_RUN
                self._out.append(self._opening_of_run(number))
            self._room -= len(part)
            self._out.append(escape(part).replace("\0", "\ufffd"))  # CommonMark 2.3

    def _opening_of_run(self, number: int) -> str:
        by = self._classes[self._credits.told[number].author]
        if self._links:
            return f'<span class="r b{by} m{number}" title="{escape(self._about(number))}">'
        return f'<a class="r b{by}" href="#m{number}">'

    def _end_run(self) -> None:
        if self._run is not None:
            self._out.append("</span>" if self._links else "</a>")
            self._run = None

    def _begin(self, token: Open) -> None:
        name = token.name
        opening, ending = self._special(token)
        if name == "h":
            self._heading = len(self._out)
            self._sections.begin(int(str(token.value)))
        self._out.append(opening or _OPENINGS.get(name, f"<{name}>"))
        self._closing.append(ending or _ENDS.get(name, f"</{name}>"))

    def _end(self, name: str) -> None:
        if name == "h":
            name_of_section = self._sections.end()
            self._out[self._heading] = self._out[self._heading].replace(
                " ", f' id="{name_of_section}" '
            )
        ending = self._closing.pop()
        self._links -= ending == _END_OF_LINK
        self._out.append(ending)

    def _special(self, token: Open) -> tuple[str, str]:
        """The tags of what needs thought; empty ones where they are those of every such token."""
        match token:
            case ("sup", _):
                tags = '<sup class="spaced">' if self._spaced else "<sup>", ""
            case ("h", level):
                tags = f'<h{level} dir="auto">', f"</h{level}>"
            case ("ol" | "references" as name, start):
                tags = f'<ol class="{name}" start="{start}">', ""
            case ("reference" | "entry" as name, int(number)):
                tags = self._reference("li" if name == "reference" else "p", number), ""
            case ("cite", int(number)):
                tags = self._citation(number), _END_OF_LINK
            case ("a" | "img" | "pubmed" as name, value):
                tags = self._link(name, value)
            case _:
                tags = self._of_table(token)
        return tags

    def _reference(self, tag: str, number: int) -> str:
        name = "" if number in self._named else f' id="reference-{number}"'
        self._named.add(number)
        return f'<{tag} class="reference"{name} dir="auto">'

    def _link(self, name: str, value: object) -> tuple[str, str]:
        if name == "pubmed":
            value = asked_of_pubmed(self._references.get(int(str(value)), ""))
        address = followable(str(value))
        if address is None or self._links:
            return '<span class="unlinked">', "</span>"
        self._links += 1
        kind = {"img": "picture", "pubmed": "pubmed"}.get(name, "link")
        rel = "noopener noreferrer nofollow"
        return f'<a class="{kind}" href="{escape(address)}" rel="{rel}">', _END_OF_LINK

    def _citation(self, number: int) -> str:
        self._links += 1
        cites = escape(" ".join(self._references[number].split())[:MOST_TOLD])
        return f'<a class="cite" href="#reference-{number}" title="{cites}">'

    def _of_table(self, token: Open) -> tuple[str, str]:
        match token:
            case ("table", tuple(columns)):
                self._columns = columns
            case ("thead" | "tr" as name, _):
                self._column = 0
                self._cell = "th" if name == "thead" else "td"
            case ("td", _):
                return self._opening_of_cell(), f"</{self._cell}>"
        return "", ""

    def _opening_of_cell(self) -> str:
        side = self._columns[self._column] if self._column < len(self._columns) else "none"
        self._column += 1
        return f'<{self._cell} class="{side}" dir="auto">'
