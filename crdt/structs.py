"""A struct: one run of content with consecutive clocks, as it stands in an update."""

from enum import IntEnum
from typing import NamedTuple

ID = tuple[int, int]  # (client id, clock)


class Kind(IntEnum):
    """What a struct holds; the numbers are those of the wire."""

    GC = 0
    DELETED = 1
    JSON = 2
    BINARY = 3
    STRING = 4
    EMBED = 5
    FORMAT = 6
    TYPE = 7
    ANY = 8
    DOC = 9
    SKIP = 10


class Struct(NamedTuple):
    """A run of content; its place is told by origins or, where there are none, by a parent."""

    client: int
    clock: int
    length: (
        int  # in clocks: UTF-16 units of a string, elements of JSON and ANY, units deleted, or 1
    )
    kind: int  # a value of Kind
    origin: ID | None
    right_origin: ID | None
    parent: str | ID | None  # root name or ID; None where an origin stands for it
    parent_sub: str | None
    content: str | bytes  # text of a STRING; b"" for GC, DELETED and SKIP; else the wire's bytes
