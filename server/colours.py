"""Colours of authors: `#rrggbb`, twelve hues of one lightness for those who did not choose."""

import itertools
import secrets

# OKLCH lightness 0.62, chroma up to 0.15; each hue is 150 degrees from the one before it, so
# that authors who arrive one after another are far apart.
HUES = (
    "#d05a69",
    "#029e72",
    "#a867c3",
    "#928a07",
    "#4087de",
    "#cd632d",
    "#0c9999",
    "#c35c9b",
    "#5c9932",
    "#7f76dc",
    "#b37903",
    "#0994ba",
)


class Palette:
    """Hands out hues in turn, to any thread; the first one is drawn by lot."""

    def __init__(self, start: int | None = None) -> None:
        self._turns = itertools.count(secrets.randbelow(len(HUES)) if start is None else start)

    def next(self) -> str:
        """Give the next hue, far from the latest ones."""
        return HUES[next(self._turns) % len(HUES)]
