"""Text measured in UTF-16 code units, the unit of every clock in a Yjs document."""

from crdt.errors import StructureRefused


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 code units of `text`."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def utf16_split(text: str, at: int) -> tuple[str, str]:
    """Cut `text` after `at` code units; StructureRefused when that would cut a surrogate pair.

    Yjs and yrs disagree for ever on the text and the clocks of a pair that was cut.
    """
    if text.isascii():
        return text[:at], text[at:]
    units = text.encode("utf-16-le")
    try:
        return units[: 2 * at].decode("utf-16-le"), units[2 * at :].decode("utf-16-le")
    except UnicodeDecodeError:
        raise StructureRefused("An edit would cut a character (a surrogate pair) in two.") from None
