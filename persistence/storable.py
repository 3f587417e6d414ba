"""Text that every database can keep."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """Put another character where there is U+0000, which PostgreSQL's text has no room for."""
    return text.replace("\0", REPLACEMENT)
