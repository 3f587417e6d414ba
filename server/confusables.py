"""Letters that look alike: the confusables of Unicode's security mechanisms (UTS 39)."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

# The library's table surrounds right-to-left characters with this mark.
MARK = "\N{LEFT-TO-RIGHT MARK}"

# Latin letters of which one case looks like another letter: "I" like "l", and UTS 39 itself
# writes "m" as "rn". All cases of both are one here, since names are one in every case.
LATIN = str.maketrans({"i": "l", "1": "l", "m": "rn", "0": "o"})


def alike(text: str) -> str:
    """Reduce each letter to what it looks like in any of its cases: equal when confusable.

    `text` is in NFKD. A letter whose two cases look like two different Latin letters (Greek nu
    like "N" and "v") stands for its capital in a text without Latin letters, else for itself.
    """
    mixed = any(char.isascii() and char.isalpha() for char in text)
    return "".join(_letter(char, mixed=mixed) for char in text)


def _letter(char: str, *, mixed: bool) -> str:
    small, capital = _look(char.casefold()), _look(char.upper())
    if small == capital or not capital.isascii():
        return small
    if small.isascii() and mixed:
        return _look(char)
    return capital


def _look(letter: str) -> str:
    table = _prototypes()
    return "".join(table.get(char, char) for char in letter).casefold().translate(LATIN)


@cache
def _prototypes() -> Mapping[str, str]:
    """Tell for each character what it looks like, from pairs that are listed in both directions.

    A prototype has many look-alikes; of two characters that have only each other, the first in
    code point order is taken.
    """
    pairs = _pairs()
    return {
        char: looks[0]
        for char, looks in pairs.items()
        if len(char) == 1
        and len(looks) == 1
        and (len(pairs[looks[0]]) > 1 or len(looks[0]) > 1 or looks[0] < char)
    }


def _pairs() -> dict[str, list[str]]:
    table = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    return {
        char.strip(MARK): [look["c"].strip(MARK) for look in looks]
        for char, looks in json.loads(table).items()
    }
