"""Code between backticks: from what is shown back to the source, which says it a little otherwise.

A line's end is shown as a space, the quote marks of a line that goes on are not shown, one space at
both ends falls away, and in a table a bar is backslash and bar (CommonMark 6.1, GFM 4.10).
"""

import re
from collections.abc import Iterator

from server.reading.tokens import Piece

_CONTINUED = re.compile(r"\n(?:[ \t]*>)*[ \t]*")
_Places = list[tuple[str, int]]  # characters as shown, each with its place in the source


def located(shown: str, source: str, start: int) -> Iterator[Piece]:
    """The pieces of a code span, whose source with its backticks begins at `start`."""
    ticks = len(source) - len(source.lstrip("`"))
    inner, start = source[ticks : len(source) - ticks], start + ticks
    for margin in (0, 1):
        if inner[margin : len(inner) - margin] == shown:
            yield Piece(shown, start + margin, len(shown))
            return
    yield from _joined(_matching(shown, inner), start)


def _matching(shown: str, inner: str) -> _Places:
    for escaped in (False, True):
        for places in (_places(inner, escaped=escaped), _places(inner, escaped=escaped)[1:-1]):
            if shown == "".join(character for character, _ in places):
                return places
    return list(_in_order(shown, inner))


def _in_order(shown: str, inner: str) -> Iterator[tuple[str, int]]:
    """Each shown character with the next place that says it."""
    at = 0
    for character in shown:
        while at < len(inner) - 1 and character != (" " if inner[at] in "\r\n" else inner[at]):
            at += 1
        yield character, at
        at = min(at + 1, len(inner) - 1)


def _places(inner: str, *, escaped: bool) -> _Places:
    """What is shown; with `escaped`, of a backslash and a bar only the bar."""
    places: _Places = []
    at = 0
    while at < len(inner):
        places.append((" " if inner[at] in "\r\n" else inner[at], at))
        continued = _CONTINUED.match(inner, at)
        if escaped and inner.startswith("\\|", at):
            places[-1] = ("|", at + 1)
            at += 1
        at = continued.end() if continued else at + 1
    return places


def _joined(places: _Places, start: int) -> Iterator[Piece]:
    text, first = "", 0
    for character, at in places:
        if text and at == first + len(text):
            text += character
            continue
        if text:
            yield Piece(text, start + first, len(text))
        text, first = character, at
    if text:
        yield Piece(text, start + first, len(text))
