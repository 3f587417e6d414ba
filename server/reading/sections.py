"""Sections: the headings of an article, each with a name that can be linked to."""

import re
from typing import NamedTuple

_BETWEEN = re.compile(r"[\W_]+")
_CITED = re.compile(r"\s*\[\d[\d,\u2013\s-]{0,200}\]")
LONGEST = 60  # characters of a name


class Section(NamedTuple):
    """A heading of a level, 1 to 6; `name` is what a link to it says behind the #."""

    level: int
    name: str
    title: str


class Sections:
    """Collects the headings of one article as their text passes."""

    def __init__(self) -> None:
        self.found: list[Section] = []
        self._level = 0
        self._title: list[str] | None = None
        self._names: dict[str, int] = {}

    def begin(self, level: int) -> None:
        """A heading begins."""
        self._level, self._title = level, []

    def read(self, text: str) -> None:
        """Shown text passes, in a heading or not."""
        if self._title is not None:
            self._title.append(text)

    def end(self) -> str:
        """The heading ends; give its name."""
        title = " ".join(_CITED.sub("", "".join(self._title or ())).split())
        self._title = None
        name = self._name(title)
        self.found.append(Section(self._level, name, title))
        return name

    def _name(self, title: str) -> str:
        name = "s-" + _BETWEEN.sub("-", title.lower())[:LONGEST].strip("-")
        self._names[name] = number = self._names.get(name, 0) + 1
        return name if number == 1 else f"{name}--{number}"
