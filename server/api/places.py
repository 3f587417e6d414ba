"""Places in a listing, as text that a client sends back: microseconds since 1970, then an id."""

from datetime import UTC, datetime, timedelta

from persistence.articles import Place

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def place_to_text(place: Place) -> str:
    """Write a place down."""
    at, number = place
    return f"{(at - EPOCH) // MICROSECOND}-{number}"


def place_from_text(text: str) -> Place:
    """Read what `place_to_text` wrote."""
    microseconds, _, number = text.partition("-")
    return EPOCH + int(microseconds) * MICROSECOND, int(number)
