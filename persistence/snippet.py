"""A snippet: the piece of a text in which somebody sees why it was found."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from persistence.query import Query, Token, tokens
from persistence.words import fold, is_unspaced

SEARCHED = 2**15  # code points from the beginning of a text in which a match is looked for
LENGTH = 200  # code points of a snippet
BEFORE = 60  # of these before the first match
TIDY = 20  # so many may be given up for a cut between two words
CUT = "…"
MOST_SHAPES = 20_000


class Snippet(NamedTuple):
    """A piece of a text on one line; hits are (start, length) in it, in code points."""

    text: str
    hits: tuple[tuple[int, int], ...]


class _Shapes(dict[int, str]):
    """Each code point as one that tells no accents and no case: lengths stay as they are."""

    def __missing__(self, point: int) -> str:
        shape = fold(chr(point))[:1] or chr(point)
        if len(self) < MOST_SHAPES:
            self[point] = shape
        return shape


_SHAPES = _Shapes()


def snippet(text: str, query: Query) -> Snippet:
    """Cut the piece around the first match out of a text, or its beginning if none is seen."""
    searched = text[:SEARCHED]
    hits = [match.span() for match in _pattern(query).finditer(searched.translate(_SHAPES))]
    start, end = _window(searched, hits[0][0] if hits else 0)
    front, back = CUT if start else "", CUT if end < len(text) else ""
    line = re.sub(r"\s", " ", searched[start:end])
    shown = _merged((max(a, start), min(b, end)) for a, b in hits if a < end and b > start)
    offset = len(front) - start
    return Snippet(front + line + back, tuple((a + offset, b - a) for a, b in shown))


def _pattern(query: Query) -> re.Pattern[str]:
    words = sorted(tokens(query), key=lambda token: -len(token.word))
    return re.compile("|".join(map(_word, words)) or r"(?!)")


def _word(token: Token) -> str:
    if is_unspaced(token.word):
        return re.escape(token.word)
    return rf"(?<![^\W_]){re.escape(token.word)}" + ("" if token.is_prefix else r"(?![^\W_])")


def _window(text: str, first: int) -> tuple[int, int]:
    """Place the window, and narrow it to whole words where there are spaces near its ends."""
    start = max(0, min(first - BEFORE, len(text) - LENGTH))
    end = min(len(text), start + LENGTH)
    space = re.compile(r"\s").search(text, start, min(start + TIDY, first))
    if start and space:
        start = space.end()
    if end < len(text):
        blank = [match.start() for match in re.finditer(r"\s", text[end - TIDY : end])]
        end = end - TIDY + blank[-1] if blank else end
    return start, end


def _merged(hits: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join hits that touch, as the pairs of an unspaced script do."""
    merged: list[tuple[int, int]] = []
    for start, end in hits:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
