"""Names of people: what may be one, and when two of them are one."""

from functools import cache
from unicodedata import normalize

from crdt.errors import Refusal
from server.confusables import alike
from server.lines import NotALine, clean_line, visible

LONGEST = 64  # code points
RESERVED = ("Importer", "Palimpsest", "Admin", "Administrator", "Moderator", "System", "Server")


class InvalidName(Refusal):
    """The name is not one that can be shown honestly."""

    code = "invalid-name"


def clean_name(text: str) -> str:
    """Return the name as it is shown, in NFC with single spaces; raises `InvalidName`."""
    try:
        return clean_line(text, LONGEST)
    except NotALine as error:
        raise InvalidName(f"This cannot be a name. {error}") from None


def handle(name: str) -> str:
    """Reduce a name to what is equal for all names that look like it.

    Case, spaces and invisible characters do not count, nor which of several confusable letters
    is used. A handle is a key and is never shown.
    """
    return normalize("NFKD", alike(visible(normalize("NFKD", name))))


def reserved(key: str) -> bool:
    """Tell whether a handle is one that only this server's own authors have."""
    return key in _reserved()


@cache
def _reserved() -> frozenset[str]:
    return frozenset(map(handle, RESERVED))
