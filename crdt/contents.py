"""The content of a struct that is not a string: its length in clocks, and where it ends."""

from collections.abc import Callable

from crdt.anyvalues import skip_any
from crdt.encoding import read_bytes, read_string, read_varuint, write_varuint
from crdt.jsontext import check_json
from crdt.limits import Allowance
from crdt.structs import Kind

Skipper = Callable[[bytes, int, Allowance], tuple[int, int]]

_NAMED_TYPES = {3, 5}  # XmlElement, XmlHook
_TYPES = 7


def skip_content(kind: int, data: bytes, pos: int, allowance: Allowance) -> tuple[int, int]:
    """Return (length in clocks, position behind the content)."""
    skip = _SKIPPERS.get(kind)
    if skip is None:
        raise ValueError("A struct is of an unknown kind.")
    return skip(data, pos, allowance)


def _skip_deleted(data: bytes, pos: int, _allowance: Allowance) -> tuple[int, int]:
    return read_varuint(data, pos)


def _skip_json(data: bytes, pos: int, allowance: Allowance) -> tuple[int, int]:
    count, pos = read_varuint(data, pos)
    allowance.spend(count)
    for _ in range(count):
        text, pos = read_string(data, pos)
        if text != "undefined":
            check_json(text, allowance)
    return count, pos


def _skip_binary(data: bytes, pos: int, _allowance: Allowance) -> tuple[int, int]:
    return 1, read_bytes(data, pos)[1]


def _skip_embed(data: bytes, pos: int, allowance: Allowance) -> tuple[int, int]:
    text, pos = read_string(data, pos)
    check_json(text, allowance)
    return 1, pos


def _skip_format(data: bytes, pos: int, allowance: Allowance) -> tuple[int, int]:
    return _skip_embed(data, read_string(data, pos)[1], allowance)


def _skip_type(data: bytes, pos: int, _allowance: Allowance) -> tuple[int, int]:
    ref, pos = read_varuint(data, pos)
    if ref >= _TYPES:
        raise ValueError("A shared type is of an unknown kind.")
    return 1, read_string(data, pos)[1] if ref in _NAMED_TYPES else pos


def _skip_any(data: bytes, pos: int, allowance: Allowance) -> tuple[int, int]:
    count, pos = read_varuint(data, pos)
    allowance.spend(count)
    for _ in range(count):
        pos = skip_any(data, pos, allowance)
    return count, pos


def _skip_doc(data: bytes, pos: int, allowance: Allowance) -> tuple[int, int]:
    return 1, skip_any(data, read_string(data, pos)[1], allowance)


_SKIPPERS: dict[int, Skipper] = {
    Kind.DELETED: _skip_deleted,
    Kind.JSON: _skip_json,
    Kind.BINARY: _skip_binary,
    Kind.EMBED: _skip_embed,
    Kind.FORMAT: _skip_format,
    Kind.TYPE: _skip_type,
    Kind.ANY: _skip_any,
    Kind.DOC: _skip_doc,
}


def drop_elements(kind: int, content: bytes, count: int) -> bytes:
    """Return the content of a JSON or ANY struct without its first `count` elements."""
    total, pos = read_varuint(content, 0)
    whole = Allowance(len(content), len(content))  # the content was checked when it was read
    for _ in range(count):
        pos = read_string(content, pos)[1] if kind == Kind.JSON else skip_any(content, pos, whole)
    out = bytearray()
    write_varuint(out, total - count)
    return bytes(out) + content[pos:]
