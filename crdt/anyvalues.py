"""Any: lib0's self-describing value, as bytes whose end and shape are checked."""

from crdt.encoding import MAX_INTEGER, read_string, read_varuint, skip
from crdt.limits import Allowance

_UNDEFINED, _NULL, _INTEGER, _FLOAT32, _FLOAT64, _BIGINT = 127, 126, 125, 124, 123, 122
_FALSE, _TRUE, _STRING, _OBJECT, _ARRAY, _BYTES = 121, 120, 119, 118, 117, 116

_SIZES = {_UNDEFINED: 0, _NULL: 0, _FALSE: 0, _TRUE: 0, _FLOAT32: 4, _FLOAT64: 8, _BIGINT: 8}


def skip_any(data: bytes, pos: int, allowance: Allowance) -> int:
    """Return the position behind a value; what it holds comes off the allowance."""
    return _skip_value(data, pos, allowance, allowance.nesting)


def _skip_value(data: bytes, pos: int, allowance: Allowance, nesting: int) -> int:
    tag = data[pos]
    pos += 1
    if tag in _SIZES:
        return skip(data, pos, _SIZES[tag])
    if tag == _STRING:
        return read_string(data, pos)[1]
    if tag == _INTEGER:
        return _skip_integer(data, pos)
    if tag == _BYTES:
        length, pos = read_varuint(data, pos)
        return skip(data, pos, length)
    if tag not in {_ARRAY, _OBJECT}:
        raise ValueError("A value has an unknown type.")
    return _skip_collection(data, pos, allowance, nesting, named=tag == _OBJECT)


def _skip_collection(
    data: bytes, pos: int, allowance: Allowance, nesting: int, *, named: bool
) -> int:
    if not nesting:
        raise ValueError("A value is nested too deep.")
    count, pos = read_varuint(data, pos)
    allowance.spend(count)
    for _ in range(count):
        if named:
            pos = read_string(data, pos)[1]
        pos = _skip_value(data, pos, allowance, nesting - 1)
    return pos


def _skip_integer(data: bytes, pos: int) -> int:
    """Read a signed integer: sign and six bits in the first byte, then seven bits a byte."""
    if not data[pos] & 0x80:
        return pos + 1
    rest, pos = read_varuint(data, pos + 1)
    if not rest:
        raise ValueError("An integer is longer than it needs to be.")
    if rest << 6 > MAX_INTEGER:
        raise ValueError("An integer is larger than 2^53 - 1.")
    return pos
