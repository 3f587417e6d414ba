"""A query: what somebody looks for, as words of which all must be there."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from persistence.words import compounds, is_unspaced, pairs

LONGEST = 200  # code points of a query that count


class Token(NamedTuple):
    """A word, or the beginning of one."""

    word: str
    is_prefix: bool


Way = tuple[Token, ...]  # all of these
Term = tuple[Way, ...]  # one of these
Query = tuple[Term, ...]  # all of these


def parse(text: str) -> Query:
    """Read what somebody typed: anything can be typed, and only its words count.

    The last word may be the beginning of one. What a hyphen joins is found in parts or as one.
    """
    found = [*compounds(text[:LONGEST])]
    return tuple(
        _term(joined, parts, is_last=place == len(found))
        for place, (joined, parts) in enumerate(found, 1)
    )


def tokens(query: Query) -> list[Token]:
    """List all words of a query, each once."""
    return list(dict.fromkeys(token for term in query for way in term for token in way))


def matches(query: Query, words: Sequence[str]) -> bool:
    """Whether a query finds what has these words; no words find nothing."""
    return bool(query) and all(
        any(all(_has(words, token) for token in way) for way in term) for term in query
    )


def write(query: Query, token: Callable[[Token], str], both: str, either: str) -> str:
    """Write a query in a database's language: how a token is written, and its two operators."""
    return both.join(
        "(" + either.join(f"({both.join(map(token, way))})" for way in term) + ")" for term in query
    )


def _term(joined: str, parts: tuple[str, ...], *, is_last: bool) -> Term:
    last = len(parts) - 1
    apart = [
        token
        for place, part in enumerate(parts)
        for token in _tokens(part, is_prefix=is_last and place == last)
    ]
    ways: list[Way] = [tuple(apart)]
    return (*ways, (Token(joined, is_last),)) if joined else tuple(ways)


def _tokens(part: str, *, is_prefix: bool) -> Iterator[Token]:
    """Give the words of a part; a lone character of an unspaced script begins a pair."""
    if not is_unspaced(part):
        yield Token(part, is_prefix)
    elif len(part) == 1:
        yield Token(part, is_prefix=True)
    else:
        yield from (Token(pair, is_prefix=False) for pair in pairs(part)[:-1])


def _has(words: Sequence[str], token: Token) -> bool:
    if not token.is_prefix:
        return token.word in words
    return any(word.startswith(token.word) for word in words)
