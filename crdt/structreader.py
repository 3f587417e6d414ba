"""Reads the structs of an update. Every keystroke passes here: plain code, few calls."""

from crdt.contents import skip_content
from crdt.encoding import read_string, read_varuint
from crdt.errors import UpdateTooLarge
from crdt.limits import MAX_CLOCK, UpdateLimits
from crdt.structs import ID, Kind, Struct
from crdt.utf16 import utf16_length

_GC, _STRING, _SKIP, _DELETED = int(Kind.GC), int(Kind.STRING), int(Kind.SKIP), int(Kind.DELETED)
_KIND = 0x1F  # the info byte: the kind, and three flags
_ORIGIN, _RIGHT_ORIGIN, _PARENT_SUB = 0x80, 0x40, 0x20


def read_structs(data: bytes, pos: int, limits: UpdateLimits) -> tuple[tuple[Struct, ...], int]:
    """All structs in wire order; each client's follow each other without a gap."""
    sections, pos = read_varuint(data, pos)
    if not sections:
        return (), pos
    if sections > limits.clients:
        raise UpdateTooLarge("An update holds content of too many clients.")
    structs: list[Struct] = []
    seen: set[int] = set()
    for _ in range(sections):
        count, pos = read_varuint(data, pos)
        client, pos = read_varuint(data, pos)
        if client in seen:
            raise ValueError("An update names a client twice.")
        seen.add(client)
        if count + len(structs) > limits.structs:
            raise UpdateTooLarge("An update holds too many structs.")
        pos = _read_section(data, pos, client, count, limits.nesting, structs)
    return tuple(structs), pos


def _read_section(
    data: bytes, pos: int, client: int, count: int, nesting: int, out: list[Struct]
) -> int:
    if not count:
        raise ValueError("An update names a client and brings nothing of it.")
    clock, pos = read_varuint(data, pos)
    for _ in range(count):
        struct, pos = _read_struct(data, pos, client, clock, nesting)
        if not struct.length:
            raise ValueError("A struct is empty.")
        out.append(struct)
        clock += struct.length
    if clock > MAX_CLOCK:
        raise ValueError("A clock is 2^31 or larger.")
    return pos


def _read_struct(
    data: bytes, pos: int, client: int, clock: int, nesting: int
) -> tuple[Struct, int]:
    info = data[pos]
    pos += 1
    if info in {_GC, _SKIP}:
        length, pos = read_varuint(data, pos)
        return Struct(client, clock, length, info, None, None, None, None, b""), pos
    origin = right_origin = parent = parent_sub = None
    if info & _ORIGIN:
        origin, pos = _read_id(data, pos)
    if info & _RIGHT_ORIGIN:
        right_origin, pos = _read_id(data, pos)
    if info < _RIGHT_ORIGIN:
        parent, pos = _read_parent(data, pos)
        if info & _PARENT_SUB:
            parent_sub, pos = read_string(data, pos)
    kind = info & _KIND
    content: str | bytes = b""
    if kind == _STRING:
        content, pos = read_string(data, pos)
        length = utf16_length(content)
    else:
        start = pos
        length, pos = skip_content(kind, data, pos, nesting)
        if kind != _DELETED:
            content = data[start:pos]
    return (
        Struct(client, clock, length, kind, origin, right_origin, parent, parent_sub, content),
        pos,
    )


def _read_id(data: bytes, pos: int) -> tuple[ID, int]:
    client, pos = read_varuint(data, pos)
    clock, pos = read_varuint(data, pos)
    if clock > MAX_CLOCK:
        raise ValueError("A clock is 2^31 or larger.")
    return (client, clock), pos


def _read_parent(data: bytes, pos: int) -> tuple[str | ID, int]:
    named = data[pos]
    if named > 1:
        raise ValueError("A parent is neither a root nor an ID.")
    return read_string(data, pos + 1) if named else _read_id(data, pos + 1)
