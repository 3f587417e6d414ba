"""Writes the structs of an update, neighbours that continue each other as one."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from crdt.encoding import write_string, write_varuint
from crdt.structs import ID, Kind, Struct

_BARE = frozenset({int(Kind.GC), int(Kind.SKIP)})  # a place in the clocks, none in the document
_COUNTED = _BARE | {int(Kind.DELETED)}  # nothing but a length
_FUSED = frozenset({int(Kind.STRING), int(Kind.DELETED)})
_STRING, _SKIP = int(Kind.STRING), int(Kind.SKIP)
_ORIGIN, _RIGHT_ORIGIN, _PARENT_SUB = 0x80, 0x40, 0x20

_by_clock = attrgetter("clock")


def write_structs(out: bytearray, structs: Sequence[Struct]) -> None:
    """Append the structs, in any order, as sections: clients descending, clocks ascending.

    A gap between two structs of a client is written as a skip. ValueError where two overlap.
    """
    sections: dict[int, list[Struct]] = {}
    for struct in structs:
        sections.setdefault(struct.client, []).append(struct)
    write_varuint(out, len(sections))
    for client in sorted(sections, reverse=True):
        section = sections[client]
        if len(section) > 1:
            section = list(_fused(sorted(section, key=_by_clock)))
        write_varuint(out, len(section))
        write_varuint(out, client)
        write_varuint(out, section[0].clock)
        for struct in section:
            _write_struct(out, struct)


def _fused(section: Sequence[Struct]) -> Iterator[Struct]:
    run: list[Struct] = []
    for struct in section:
        if run:
            last = run[-1]
            gap = struct.clock - last.clock - last.length
            if gap < 0:
                raise ValueError("Two structs of one client overlap.")
            if not gap and _continues(last, struct):
                run.append(struct)
                continue
            yield _joined(run)
            if gap:
                yield _skip(last, gap)
        run = [struct]
    yield _joined(run)


def _continues(left: Struct, right: Struct) -> bool:
    """Whether two structs with consecutive clocks say the same as one.

    The place of an item among others follows from its ID and its origins alone, so it does not
    matter what stands between the two in the document.
    """
    kind = right.kind
    if kind != left.kind:
        return False
    if kind in _BARE:
        return True
    return (
        kind in _FUSED
        and right.origin == (right.client, right.clock - 1)
        and right.right_origin == left.right_origin
    )


def _joined(run: list[Struct]) -> Struct:
    first = run[0]
    if len(run) == 1:
        return first
    length = sum(struct.length for struct in run)
    content: str | bytes = b""
    if first.kind == _STRING:
        content = "".join(str(struct.content) for struct in run)
    return first._replace(length=length, content=content)


def _skip(last: Struct, gap: int) -> Struct:
    clock = last.clock + last.length
    return Struct(last.client, clock, gap, _SKIP, None, None, None, None, b"")


def _write_struct(out: bytearray, struct: Struct) -> None:
    kind, content = struct.kind, struct.content
    if kind in _BARE:
        out.append(kind)
    else:
        _write_place(out, struct)
    if kind in _COUNTED:
        write_varuint(out, struct.length)
    elif isinstance(content, str):
        write_string(out, content)
    else:
        out += content


def _write_place(out: bytearray, struct: Struct) -> None:
    _, _, _, kind, origin, right_origin, parent, parent_sub, _ = struct
    if origin is None and right_origin is None:
        out.append(kind if parent_sub is None else kind | _PARENT_SUB)
        _write_parent(out, parent)
        if parent_sub is not None:
            write_string(out, parent_sub)
        return
    out.append(kind | (_ORIGIN if origin else 0) | (_RIGHT_ORIGIN if right_origin else 0))
    if origin:
        _write_id(out, origin)
    if right_origin:
        _write_id(out, right_origin)


def _write_parent(out: bytearray, parent: str | ID | None) -> None:
    if parent is None:
        raise ValueError("A struct has neither an origin nor a parent.")
    out.append(isinstance(parent, str))
    if isinstance(parent, str):
        write_string(out, parent)
    else:
        _write_id(out, parent)


def _write_id(out: bytearray, name: ID) -> None:
    write_varuint(out, name[0])
    write_varuint(out, name[1])
