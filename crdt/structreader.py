"""Reads the structs of an update. Every keystroke passes here: plain code, few calls."""

from crdt.contents import skip_content
from crdt.encoding import read_string, read_varuint
from crdt.errors import UpdateTooLarge
from crdt.limits import MAX_CLOCK, Allowance, UpdateLimits
from crdt.structs import ID, Kind, Struct
from crdt.utf16 import utf16_length

_BARE = frozenset({int(Kind.GC), int(Kind.SKIP)})  # a place in the clocks, none in the document
_STRING, _DELETED = int(Kind.STRING), int(Kind.DELETED)

Client = tuple[int, bytes, int]  # a client id, how it is written, in how many bytes

_struct = tuple.__new__  # half the time that the constructor of a named tuple takes
_KIND = 0x1F  # the info byte: the kind, and three flags
_ORIGIN, _RIGHT_ORIGIN, _PARENT_SUB = 0x80, 0x40, 0x20


def read_structs(data: bytes, pos: int, limits: UpdateLimits) -> tuple[tuple[Struct, ...], int]:
    """Read all structs, in wire order; each client's follow each other without a gap."""
    sections, pos = read_varuint(data, pos)
    if sections > limits.clients:
        raise UpdateTooLarge("An update holds content of too many clients.")
    structs: list[Struct] = []
    seen: set[int] = set()
    allowance = Allowance(limits.nesting, limits.values)
    for _ in range(sections):
        count, start = read_varuint(data, pos)
        if not count:
            raise ValueError("An update names a client and brings nothing of it.")
        if count + len(structs) > limits.structs:
            raise UpdateTooLarge("An update holds too many structs.")
        client, pos = read_varuint(data, start)
        if client in seen:
            raise ValueError("An update names a client twice.")
        seen.add(client)
        writer = client, data[start:pos], pos - start
        clock, pos = read_varuint(data, pos)
        for _ in range(count):
            struct, pos = _read_struct(data, pos, writer, clock, allowance)
            structs.append(struct)
            clock += struct[2]
        if clock > MAX_CLOCK:
            raise ValueError("A clock is 2^31 or larger.")
    return tuple(structs), pos


def _read_struct(
    data: bytes, pos: int, client: Client, clock: int, allowance: Allowance
) -> tuple[Struct, int]:
    info = data[pos]
    pos += 1
    if info in _BARE:
        return _read_bare(data, pos, client[0], clock, info)
    origin = right_origin = parent = parent_sub = None
    if info & _ORIGIN:
        origin, pos = _read_id(data, pos, client)
    if info & _RIGHT_ORIGIN:
        right_origin, pos = _read_id(data, pos, client)
    if info < _RIGHT_ORIGIN:
        parent, pos = _read_parent(data, pos, client)
        if info & _PARENT_SUB:
            parent_sub, pos = read_string(data, pos)
    kind = info & _KIND
    content: str | bytes = b""
    if kind == _STRING:
        content, pos = read_string(data, pos)
        length = len(content) if content.isascii() else utf16_length(content)
    else:
        start = pos
        length, pos = skip_content(kind, data, pos, allowance)
        if kind != _DELETED:
            content = data[start:pos]
    if not length:
        raise ValueError("A struct is empty.")
    return (
        _struct(
            Struct,
            (client[0], clock, length, kind, origin, right_origin, parent, parent_sub, content),
        ),
        pos,
    )


def _read_bare(data: bytes, pos: int, client: int, clock: int, kind: int) -> tuple[Struct, int]:
    length, pos = read_varuint(data, pos)
    if not length:
        raise ValueError("A struct is empty.")
    return Struct(client, clock, length, kind, None, None, None, None, b""), pos


def _read_id(data: bytes, pos: int, client: Client) -> tuple[ID, int]:
    name, written, size = client
    if data[pos : pos + size] == written:  # an integer has one form, so this is the same client
        pos += size
    else:
        name, pos = read_varuint(data, pos)
    clock, pos = read_varuint(data, pos)
    if clock > MAX_CLOCK:
        raise ValueError("A clock is 2^31 or larger.")
    return (name, clock), pos


def _read_parent(data: bytes, pos: int, client: Client) -> tuple[str | ID, int]:
    named = data[pos]
    if named > 1:
        raise ValueError("A parent is neither a root nor an ID.")
    return read_string(data, pos + 1) if named else _read_id(data, pos + 1, client)
