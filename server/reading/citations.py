"""Citations such as [3] or [2, 5-7], the references that they point at, and links to literature."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from server.reading.phrases import Found, enclosed
from server.reading.tokens import Close, Extra, Open, Piece, Token

PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
REFERENCES = frozenset(("reference", "entry"))  # an item of a list, a paragraph
MOST_ASKED = 300  # characters of a reference that PubMed is asked for

_HEADING = re.compile(r"\s*(?:references|literature|bibliography)\b", re.IGNORECASE)
_CITATION = re.compile(r"\[(\d{1,3}(?:\s?[,\u2013-]\s?\d{1,3}){0,50})\]")
_NUMBER = re.compile(r"\d+")
_NUMBERED = re.compile(r"\[(\d{1,3})\]:?\s")
_LITERATURE = re.compile(
    r"(?P<url>https?://[^\s<>\"\u201c\u201d]+)"
    r"|(?P<doi>(?:\bdoi:\s?)?\b10\.\d{4,9}/[^\s<>\"\u201c\u201d]+)"
    r"|\bPMID:?\s?(?P<pmid>\d{1,8})\b"
    r"|(?P<pmc>\bPMC\d{4,9}\b)",
    re.IGNORECASE,
)
_VERBATIM = frozenset(("a", "img", "code", "pre", "html"))
_TRAILING = ".,;:!?'*_"


def cited(said: list[Token]) -> tuple[list[Token], dict[int, str]]:
    """Give the tokens with links to literature and from citations to references, and those.

    A reference is an item of a numbered list, or a paragraph that begins with [n], below a heading
    named References, Literature or Bibliography; one that names no source gets a link to PubMed.
    """
    named = list(_references(enclosed(said, _literature, _VERBATIM)))
    known = _texts(named)

    def find(phrase: str) -> Iterator[Found]:
        return _citations(phrase, known)

    return list(enclosed(named, find, _VERBATIM | REFERENCES)), known


def _literature(phrase: str) -> Iterator[Found]:
    for found in _LITERATURE.finditer(phrase):
        first, end = found.span()
        if found["pmid"]:
            yield first, end, Open("a", f"{PUBMED}{found['pmid']}/")
        elif found["pmc"]:
            address = f"https://www.ncbi.nlm.nih.gov/pmc/articles/{found[0].upper()}/"
            yield first, end, Open("a", address)
        else:
            text = _without_end(found[0])
            address = text if found["url"] else "https://doi.org/" + _bare_doi(text)
            yield first, first + len(text), Open("a", address)


def _bare_doi(text: str) -> str:
    return quote(text[text.index("10.") :], safe="/:;()._-")


def _without_end(text: str) -> str:
    """Leave out what ends the sentence and not the address, and a bracket that encloses it."""
    text = text.rstrip(_TRAILING)
    for opening, closing in ("()", "[]"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip(_TRAILING)
    return text


def _citations(phrase: str, known: Mapping[int, str]) -> Iterator[Found]:
    for found in _CITATION.finditer(phrase):
        numbers = [
            number for number in _NUMBER.finditer(phrase, *found.span()) if int(number[0]) in known
        ]
        if numbers:
            yield *found.span(), Open("sup")
        for number in numbers:
            yield *number.span(), Open("cite", int(number[0]))


def _references(said: Iterable[Token]) -> Iterator[Token]:
    """Turn what stands below such a heading into references, each opened with its number."""
    finder = _Finder()
    for token in said:
        yield from finder.take(token)


class _Finder:
    """Sees tokens pass, knows whether they stand among the references, and gives them on."""

    def __init__(self) -> None:
        self._heading: str | None = None  # the text of the heading that is passing
        self._among = False
        self._open: list[str] = []
        self._number = 0
        self._held: Open | None = None  # a paragraph that may be a reference
        self._linked = False

    def take(self, token: Token) -> Iterator[Token]:
        """See one more."""
        if isinstance(token, Open):
            yield from self._begin(token)
        elif isinstance(token, Close):
            yield from self._end()
        else:
            if isinstance(token, Piece):
                yield from self._read(token)
            yield token

    def _begin(self, token: Open) -> Iterator[Token]:
        yield from self._release()
        depth = len(self._open)
        self._open.append(token.name)
        self._linked |= token.name == "a"
        if token.name == "h" and depth == 0:
            self._heading = ""
        if self._among and depth == 0 and token.name == "ol":
            self._number = int(str(token.value)) - 1
            self._open[-1] = "references"
            yield Open("references", token.value)
        elif self._among and token.name == "li" and self._open[:-1] == ["references"]:
            yield self._numbered("reference", self._number + 1)
        elif self._among and depth == 0 and token.name == "p":
            self._held = token
        else:
            yield token

    def _end(self) -> Iterator[Token]:
        yield from self._release()
        name = self._open.pop()
        if name == "h" and self._heading is not None:
            self._among = _HEADING.match(self._heading) is not None
            self._heading = None
        if name in REFERENCES and not self._linked:
            yield Open("pubmed", self._number)
            yield Extra("PubMed")
            yield Close("pubmed")
        yield Close(name)

    def _read(self, piece: Piece) -> Iterator[Token]:
        if self._heading is not None and len(self._heading) < MOST_ASKED:
            self._heading += piece.text
        if self._held is not None:
            yield from self._release(_NUMBERED.match(piece.text + " "))

    def _release(self, numbered: re.Match[str] | None = None) -> Iterator[Token]:
        held, self._held = self._held, None
        if held is not None:
            yield self._numbered("entry", int(numbered[1])) if numbered else held

    def _numbered(self, name: str, number: int) -> Open:
        self._number, self._linked = number, False
        self._open[-1] = name
        return Open(name, number)


def _texts(said: Iterable[Token]) -> dict[int, str]:
    """The plain text of each reference; the first one of a number counts."""
    texts: dict[int, str] = {}
    number = None
    for token in said:
        if isinstance(token, Open) and token.name in REFERENCES:
            number = int(str(token.value))
            number = None if number in texts else number
            if number is not None:
                texts[number] = ""
        elif isinstance(token, Close) and token.name in REFERENCES:
            number = None
        elif isinstance(token, Piece) and number is not None:
            texts[number] += token.text
    return texts


def asked_of_pubmed(text: str) -> str:
    """The address of a search for a reference."""
    words = " ".join(re.sub(r"^\[\d+\]:?", "", text).split())[:MOST_ASKED]
    return f"{PUBMED}?term={quote(words)}"
