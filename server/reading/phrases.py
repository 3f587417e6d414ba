"""Phrases: shown text without a tag in it, searched as a whole though it comes in pieces."""

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from server.reading.tokens import Close, Open, Piece, Token

Found = tuple[int, int, Open]  # first character, end, what encloses them
Find = Callable[[str], Iterable[Found]]


def enclosed(said: Iterable[Token], find: Find, but: frozenset[str]) -> Iterator[Token]:
    """Enclose what `find` finds in phrases, but within tokens of these names.

    What it finds may stand within each other; what only overlaps another is left out.
    """
    phrase: list[Piece] = []
    within = 0
    for token in said:
        if isinstance(token, Piece) and not within:
            phrase.append(token)
            continue
        yield from _enclosing(phrase, find)
        phrase = []
        if isinstance(token, Open):
            within += token.name in but
        elif isinstance(token, Close):
            within -= token.name in but
        yield token
    yield from _enclosing(phrase, find)


def _enclosing(phrase: list[Piece], find: Find) -> Iterator[Token]:
    found = (
        sorted(find("".join(piece.text for piece in phrase)), key=_outer_first) if phrase else []
    )
    if not found:
        yield from phrase
        return
    scissors = _Scissors(phrase)
    opened: list[tuple[int, str]] = []  # the end and the name of what is open
    for first, end, token in [*found, (scissors.length, scissors.length, Open(""))]:
        while opened and opened[-1][0] <= first:
            ends, name = opened.pop()
            yield from scissors.until(ends)
            yield Close(name)
        if token.name and not (opened and opened[-1][0] < end):
            yield from scissors.until(first)
            yield token
            opened.append((end, token.name))
    yield from scissors.until(scissors.length)


def _outer_first(found: Found) -> tuple[int, int]:
    return found[0], -found[1]


class _Scissors:
    """Gives a phrase's pieces from the left, cut wherever it is asked to stop."""

    def __init__(self, phrase: list[Piece]) -> None:
        self._phrase = phrase
        self._ends = list(accumulate(len(piece.text) for piece in phrase))
        self._index = 0
        self.length = self._ends[-1]
        self.done = 0

    def until(self, end: int) -> Iterator[Piece]:
        """The pieces from where the last call stopped to `end`."""
        while self.done < end:
            piece, ends = self._phrase[self._index], self._ends[self._index]
            stop, begins = min(end, ends), ends - len(piece.text)
            yield piece.cut(self.done - begins, stop - begins)
            self.done = stop
            self._index += stop == ends
