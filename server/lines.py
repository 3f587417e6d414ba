"""Lines of text that can be shown honestly: names and titles."""

import re
import unicodedata

# Control and format characters, the basic plane's private use, noncharacters: they hide, reorder or
# break what a person sees. Several scripts' joiners and the selectors of variants are not among
# them.
REFUSED = (
    "\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e"
    "\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# Spaces, joiners, fillers, selectors, the empty Braille cell: they are there and show nothing.
BLANK = (
    " \xa0\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200a\u200c\u200d\u202f\u205f"
    "\u2800\u3000\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
)
LINE = f"^[^{REFUSED}]*[^{REFUSED}{BLANK}][^{REFUSED}]*$"

_LINE = re.compile(LINE)
_INVISIBLE = re.compile(f"[{REFUSED}{BLANK}]")


class NotALine(ValueError):  # noqa: N818 - an answer about a text, not a fault of ours
    """The text is not a line that can be shown; `str(error)` is a sentence about it."""


def clean_line(text: str, longest: int) -> str:
    """Return the line in NFC with single spaces and none at its ends; raises `NotALine`.

    `longest` counts the code points of what was given.
    """
    if len(text) > longest:
        raise NotALine(f"It can have at most {longest} characters.")
    if not _LINE.fullmatch(text):
        raise NotALine("It needs a character that can be seen, and none that hides or reorders.")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def visible(text: str) -> str:
    """Leave out spaces and all else that shows nothing."""
    return _INVISIBLE.sub("", text)
