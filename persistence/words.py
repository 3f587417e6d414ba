"""Words: what a text is found by, the same in every database because it is made here.

A word is a run of letters, digits and the marks on them, in small letters, without accents.
Words that a hyphen joins count together, too: IL-2 is il, 2 and il2. Scripts that set no spaces
are cut into pairs of neighbours, so that any part of a run is found by the pairs in it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

LONGEST = 64  # code points of a word that count; sequences of bases are longer
MOST_BYTES = 900_000  # of an article's different words together; PostgreSQL takes 2**20

# Accents and points that a reader may leave out: of Latin, Greek and Cyrillic, Hebrew, Arabic.
OMITTED = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# Thai, Lao, Myanmar, Khmer; ideographs and kana, on all planes that have them.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035"
    "\u3038-\u30ff\u3105-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\U0001b000-\U0001b16f"
    "\U00020000-\U0003ffff"
)
RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
UNSPACED_FIRST = re.compile(f"[{UNSPACED}]")
HYPHENS = "\u002d\u2010\u2011\u2012\u2013\u00ad"


def _marks() -> str:
    """Collect the marks that stand within words, as in Hindi; Python counts few as letters."""
    points = (chr(point) for point in range(0x300, 0x1E8D7))
    marks = [mark for mark in points if unicodedata.category(mark) in {"Mn", "Mc"}]
    return "".join(mark for mark in marks if not re.match(r"\w", mark))


WORD = rf"[^\W_](?:[^\W_]|[{_marks()}])*"
COMPOUND = re.compile(rf"{WORD}(?:[{HYPHENS}]{WORD})*")
PART = re.compile(WORD)


def words_of(*texts: str) -> tuple[str, ...]:
    """Give the different words of texts in order, until they have MOST_BYTES."""
    room = MOST_BYTES
    kept: dict[str, None] = {}
    for word in _all(texts):
        if word not in kept:
            room -= len(word.encode()) + 1
            if room < 0:
                break
            kept[word] = None
    return tuple(kept)


def compounds(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each compound of a text: its parts as one word, which is "" for one part; its parts."""
    for found in COMPOUND.finditer(text):
        source = found[0]
        yield _remembered(source) if len(source) <= LONGEST else _compound(source)


def _compound(source: str) -> tuple[str, tuple[str, ...]]:
    parts = tuple(word for part in PART.findall(source) for word in _split(fold(part)))
    joined = "".join(parts) if len(parts) > 1 and not any(map(is_unspaced, parts)) else ""
    return joined[:LONGEST], parts


_remembered = lru_cache(maxsize=20_000)(_compound)  # a text repeats its words


def fold(text: str) -> str:
    """Take away what does not tell words apart: case, accents, widths, ligatures."""
    if text.isascii():
        return text.lower()
    bare = OMITTED.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", OMITTED.sub("", unicodedata.normalize("NFKD", bare)))


def is_unspaced(word: str) -> bool:
    """Whether the word is of a script that sets no spaces."""
    return UNSPACED_FIRST.match(word) is not None


def pairs(run: str) -> list[str]:
    """Cut a run of an unspaced script: every character with its neighbour; the last is alone."""
    return [run[start : start + 2] for start in range(len(run))]


def _split(folded: str) -> list[str]:
    """Part what folding has taken apart, as a fraction, and runs of different scripts."""
    runs = [run for word in PART.findall(folded) for run in RUN.findall(word)]
    return [run if is_unspaced(run) else run[:LONGEST] for run in runs]


def _all(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for joined, parts in compounds(text):
            for part in parts:
                yield from pairs(part) if is_unspaced(part) else (part,)
            if joined:
                yield joined
