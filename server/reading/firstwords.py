"""The first words of an article, as a list of articles shows them."""

from server.reading.markdown import Unreadable, tokens
from server.reading.tokens import Close, Open, Piece

MOST = 240  # characters
BOLD = 40  # of a paragraph, within which a bold word and a colon are looked for


def first_words(opening: str) -> str:
    """Give the first words of a text's beginning without headings and marks.

    A paragraph that begins with a word in bold and a colon, such as **Species:**, is passed over
    while there is another.
    """
    try:
        paragraphs = _paragraphs(opening)
    except Unreadable:
        return ""
    told = [words for words in paragraphs if not _is_fact(words)] or paragraphs
    words = " ".join(" ".join(told).replace("\0", "").split())
    return words if len(words) <= MOST else words[:MOST].rsplit(" ", 1)[0] + "…"


def _paragraphs(opening: str) -> list[str]:
    found: list[list[str]] = [[]]
    heading = 0
    for token in tokens(opening):
        if isinstance(token, Open | Close) and token.name in ("p", "h", "li"):
            heading += (isinstance(token, Open) - isinstance(token, Close)) * (token.name == "h")
            found.append([])
        elif isinstance(token, Open) and token.name == "strong" and not found[-1]:
            found[-1].append("\0")
        elif isinstance(token, Piece) and not heading:
            found[-1].append(token.text)
    return [words for words in ("".join(texts).strip() for texts in found) if words.strip("\0")]


def _is_fact(words: str) -> bool:
    return words.startswith("\0") and ":" in words[:BOLD]
