"""Sections: a Markdown text cut at its headings, as people who query the tables name its parts."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LINE = re.compile(r"[^\n]*\n?")
SIGNS = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
FENCE = re.compile(r" {0,3}(```+|~~~+)")


class Section(NamedTuple):
    """A run of text with one heading, which is part of it; start and length in code points.

    `level` counts the heading's signs; what stands before the first has level 0 and no heading.
    """

    start: int
    length: int
    level: int
    heading: str


def sections(text: str) -> list[Section]:
    """Cut a text at every line that begins with `#`, outside of fenced code; no part is empty."""
    starts = [(0, 0, ""), *_headings(text)]
    ends = [start for start, *_ in starts[1:]] + [len(text)]
    return [
        Section(start, end - start, level, heading)
        for (start, level, heading), end in zip(starts, ends, strict=True)
        if end > start
    ]


def _headings(text: str) -> Iterator[tuple[int, int, str]]:
    fence = ""
    for line in LINE.finditer(text):
        edge = FENCE.match(line[0])
        if edge and not fence:
            fence = edge[1]
        elif edge and edge[1].startswith(fence):
            fence = ""
        elif not fence and (signs := SIGNS.match(line[0])):
            yield line.start(), len(signs[1]), _name(line[0][signs.end() :])


def _name(rest: str) -> str:
    """Take away what may close a heading: signs after a space."""
    name = rest.strip()
    bare = name.rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() or not bare else name
