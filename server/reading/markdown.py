"""Markdown read by pulldown-cmark, which tells for each text where in the source it stands.

It needs time in proportion to the text, whatever that is. HTML is no language here: it is text, and
shown as it was written. A picture is a link to it, so that a page asks no other server for
anything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

import pyromark

from server.reading.codespans import located
from server.reading.tokens import Close, Mark, Open, Piece, Token

OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
MOST_NESTED = 60  # what is deeper is shown at this depth: a browser's own limit is some hundreds


class Unreadable(Exception):  # noqa: N818 - what the text is
    """The parser gave up on a text; that is a mistake of the parser's."""


_PLAIN = {
    "Paragraph": "p",
    "HtmlBlock": "html",
    "Item": "li",
    "TableHead": "thead",
    "TableRow": "tr",
    "TableCell": "td",
    "Emphasis": "em",
    "Strong": "strong",
    "Strikethrough": "del",
}
_TEXTS = ("Text", "Code", "Html", "InlineHtml")


def tokens(source: str) -> Iterator[Token]:
    """What the source says, in order; whatever opens also closes. Unreadable."""
    try:
        yield from _joined(_said(source))
    except BaseException as panic:  # Rust's panics come as a class of pyo3's that is no Exception
        if type(panic).__name__ != "PanicException":
            raise
        raise Unreadable from None


def plain(source: str) -> Iterator[Token]:
    """The source as it is, for a text that is Unreadable."""
    yield Open("html")
    yield Piece(source, 0, len(source))
    yield Close("html")


def _joined(said: Iterable[Token]) -> Iterator[Token]:
    """Make one piece of exact ones that follow each other here and in the source."""
    run: list[Piece] = []
    end = -1
    for token in said:
        follows = isinstance(token, Piece) and token.exact and token.start == end
        if run and not follows:
            yield Piece("".join(piece.text for piece in run), run[0].start, end - run[0].start)
            run = []
        if isinstance(token, Piece) and token.exact:
            run.append(token)
            end = token.start + token.length
        else:
            yield token
            end = -1
    if run:
        yield Piece("".join(piece.text for piece in run), run[0].start, end - run[0].start)


def _said(source: str) -> Iterator[Token]:
    ruler = _Ruler(source)
    opened: list[str | None] = []
    depth = 0
    for event, place in pyromark.events_with_range(source, options=OPTIONS):
        if isinstance(event, str):
            yield from _bare(event, ruler, place["start"], place["end"])
            continue
        ((kind, said),) = event.items()
        if kind == "Start":
            began = _opening(said) if depth < MOST_NESTED else None
            opened.append(began.name if began else None)
            if began:
                depth += 1
                yield began
        elif kind == "End":
            ended = opened.pop()
            if ended:
                depth -= 1
                yield Close(ended)
        elif kind in _TEXTS:
            yield from _shown(kind, cast("str", said), ruler, place["start"], place["end"])


def _bare(event: str, ruler: "_Ruler", start: int, end: int) -> Iterator[Token]:
    if event == "SoftBreak":
        first, after = ruler.at(start), ruler.at(end)
        yield Piece("\n", first, after - first)
    else:
        yield Mark("br" if event == "HardBreak" else "hr")


def _shown(kind: str, said: str, ruler: "_Ruler", start: int, end: int) -> Iterator[Token]:
    first = ruler.at(start)
    source = ruler.source[first : ruler.at(end)]
    if kind == "Code":
        yield Open("code")
        yield from located(said, source, first)
        yield Close("code")
    elif source:
        yield from _text(said, source, first)
    else:  # part of a tab
        yield Piece(said, first - 1, 1)


def _text(said: str, source: str, first: int) -> Iterator[Piece]:
    """Text as it is but for blanks that its end lost, and for the rest of a tab that it begins."""
    spaces = len(said) - len(source) + 1
    if source.startswith(said):
        yield Piece(said, first, len(said))
    elif source[0] == "\t" and said[spaces:] == source[1:]:
        yield Piece(said[:spaces], first, 1)
        yield Piece(said[spaces:], first + 1, len(source) - 1)
    else:
        yield Piece(said, first, len(source.rstrip(" \t")))


def _opening(said: Any) -> Open:
    if isinstance(said, str):
        return Open(_PLAIN[said])
    ((kind, value),) = said.items()
    return _VALUED[kind](value)


def _link(value: Any) -> Open:
    mail = "mailto:" if value["link_type"] == "Email" else ""
    return Open("a", mail + value["dest_url"])


_VALUED: Mapping[str, Callable[[Any], Open]] = {
    "Heading": lambda value: Open("h", int(value["level"][1])),
    "List": lambda value: Open("ul") if value is None else Open("ol", value),
    "CodeBlock": lambda _: Open("pre"),
    "BlockQuote": lambda _: Open("blockquote"),
    "Table": lambda value: Open("table", tuple(side.lower() for side in value)),
    "Link": _link,
    "Image": lambda value: Open("img", value["dest_url"]),
}


class _Ruler:
    """Turns places in bytes into places in code points; asked in order it needs one walk."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._bytes = None if source.isascii() else source.encode()
        self._byte = self._point = 0

    def at(self, byte: int) -> int:
        """The code points before a place in bytes."""
        if self._bytes is None:
            return byte
        if byte < self._byte:
            self._point -= len(self._bytes[byte : self._byte].decode())
        else:
            self._point += len(self._bytes[self._byte : byte].decode())
        self._byte = byte
        return self._point
