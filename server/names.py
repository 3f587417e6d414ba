"""Names of people: what may be one, and when two of them are one."""

import unicodedata

from crdt.errors import Refusal
from server.confusables import alike

LONGEST = 64  # code points
RESERVED = ("Importer", "Palimpsest", "Admin", "Administrator", "Moderator", "System", "Server")

# Joiners are part of spelling in several scripts; every other format character only deceives.
JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
INVISIBLE_CATEGORIES = REFUSED_CATEGORIES | {"Zs"}

# Letters and marks that show nothing: fillers, selectors of variants, the empty Braille cell.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code)
    for low, high in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(low, high + 1)
}


class InvalidName(Refusal):
    """The name is not one that can be shown honestly."""

    code = "invalid-name"


def clean_name(text: str) -> str:
    """Return the name as it is shown, in NFC with single spaces; raises `InvalidName`."""
    if any(_refused(char) for char in text):
        raise InvalidName("A name cannot have control characters or other invisible ones in it.")
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(name) > LONGEST:
        raise InvalidName(f"A name can have at most {LONGEST} characters.")
    if not handle(name):
        raise InvalidName("A name needs at least one character that can be seen.")
    return name


def handle(name: str) -> str:
    """Reduce a name to what is equal for all names that look like it.

    Case, spaces and invisible characters do not count, nor which of several confusable letters
    is used. A handle is a key and is never shown.
    """
    plain = unicodedata.normalize("NFKD", name)
    return unicodedata.normalize("NFKD", alike("".join(c for c in plain if not _invisible(c))))


def reserved(key: str) -> bool:
    """Tell whether a handle is one that only this server's own authors have."""
    return key in {handle(name) for name in RESERVED}


def _refused(char: str) -> bool:
    return unicodedata.category(char) in REFUSED_CATEGORIES and char not in JOINERS


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in INVISIBLE_CATEGORIES or char in BLANK
