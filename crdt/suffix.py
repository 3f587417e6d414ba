"""The suffix of a struct: what remains of it when its beginning is already known."""

from crdt.contents import drop_elements
from crdt.structs import Kind, Struct
from crdt.utf16 import utf16_split

_BARE = (Kind.GC, Kind.SKIP)
_LISTS = (Kind.JSON, Kind.ANY)


def suffix(struct: Struct, offset: int) -> Struct:
    """Cut off the first `offset` clocks, 0 < offset < length, as Yjs does.

    The origin is then the clock before it, and the place is told by that. StructureRefused where
    the cut would go through a surrogate pair.
    """
    clock = struct.clock + offset
    cut = struct._replace(clock=clock, length=struct.length - offset)
    if struct.kind in _BARE:
        return cut
    return cut._replace(
        origin=(struct.client, clock - 1),
        parent=None,
        parent_sub=None,
        content=_content(struct, offset),
    )


def _content(struct: Struct, offset: int) -> str | bytes:
    content = struct.content
    if isinstance(content, str):
        return utf16_split(content, offset)[1]
    return drop_elements(struct.kind, content, offset) if struct.kind in _LISTS else content
