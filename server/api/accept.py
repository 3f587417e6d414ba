"""What a client would rather have: the `Accept` header (RFC 9110, 12.5.1)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Range(NamedTuple):
    """A range of media types, and how much it is wanted (0 to 1)."""

    kind: str
    subtype: str
    quality: float

    def takes(self, media_type: str) -> int:
        """How exactly it names the media type: 0 when not at all."""
        kind, _, subtype = media_type.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 3
        if self.subtype != "*":
            return 0
        return 2 if self.kind == kind else int(self.kind == "*")


def preferred(accept: str, offered: Sequence[str]) -> str:
    """Choose among the media types on offer; the first where the client does not care or say."""
    ranges = list(_ranges(accept))
    return max(offered, key=lambda media_type: _quality(media_type, ranges))


def _quality(media_type: str, ranges: Sequence[Range]) -> float:
    """The most exact range that takes it decides."""
    exact, quality = max(
        ((each.takes(media_type), each.quality) for each in ranges), default=(0, 0)
    )
    return quality if exact else 0.0


def _ranges(accept: str) -> Iterator[Range]:
    for part in accept.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        kind, _, subtype = name.partition("/")
        yield Range(kind, subtype, _weight(parameters))


def _weight(parameters: Sequence[str]) -> float:
    for name, _, value in (parameter.partition("=") for parameter in parameters):
        if name == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
