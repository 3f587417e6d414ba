"""A hue for every author on a page, kept apart from the others.

The same people get the same hues as on the page where they write (client_demo/src/palette.ts).
"""

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

CLEARLY_APART = 32.0  # degrees; with many people on a page it must be less
CLAIM = 0.8  # of an even division of the circle, so that there is more than one solution
GREY = 0.02  # chroma below which a colour has no hue
_HEX = re.compile(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)


class Dye(NamedTuple):
    """A hue in degrees; every second one is a little `deep`er."""

    hue: float
    deep: bool


def dyes(colours: Mapping[str, str]) -> dict[str, Dye]:
    """Give a dye to each of these authors, whose colours are told by id."""
    taken: dict[str, Dye] = {}
    for author in sorted(colours):
        wished = hue_of(colours[author])
        wished = _hue_of_name(author) if wished is None else wished
        hue = _free(wished, [dye.hue for dye in taken.values()], len(colours))
        taken[author] = Dye(round(hue, 1), len(taken) % 2 == 1)
    return taken


def gap(one: float, other: float) -> float:
    """Degrees between two hues, the short way round."""
    turn = abs(one - other) % 360
    return min(turn, 360 - turn)


def hue_of(colour: str) -> float | None:
    """The hue of #rrggbb in OKLCH (CSS Color 4); None for a grey, and for what is no colour."""
    found = _HEX.match(colour)
    if found is None:
        return None
    r, g, b = (_linear(int(part, 16) / 255) for part in found.groups())
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    red = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short
    yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short
    if math.hypot(red, yellow) < GREY:
        return None
    return math.degrees(math.atan2(yellow, red)) % 360


def _linear(part: float) -> float:
    """Undo sRGB's encoding of a part of light."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own


def _hue_of_name(author: str) -> float:
    total = 7
    for letter in author:
        total = (total * 31 + ord(letter)) % 3600
    return total / 10


def _free(wished: float, taken: list[float], crowd: int) -> float:
    """The hue nearest to the wished one that keeps clear of the others, or has most room."""
    distance = min(CLEARLY_APART, 360 / max(crowd, len(taken) + 1) * CLAIM)
    best = wished
    for step in range(0, 181, 2):
        for hue in (wished + step, wished - step):
            if _room(hue, taken) >= distance:
                return hue % 360
            if _room(hue, taken) > _room(best, taken):
                best = hue
    return best % 360


def _room(hue: float, taken: list[float]) -> float:
    return min((gap(hue, other) for other in taken), default=360.0)
