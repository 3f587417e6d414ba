"""The primitives of lib0's encoding: variable-length integers, byte arrays and strings.

A reader takes the bytes and a position and returns the value and the position behind it. It raises
IndexError where the bytes end too early, and ValueError (its text a sentence) where they are not
what a strict writer writes: over-long or too large integers, invalid UTF-8.
"""

MAX_INTEGER = 2**53 - 1  # the largest integer that JavaScript holds exactly
_MAX_BYTES = 8  # of such an integer


def read_varuint(data: bytes, pos: int) -> tuple[int, int]:
    """Read an integer from 0 to 2^53 - 1: seven bits a byte, the least first, no byte too many."""
    value = data[pos]
    pos += 1
    if not value & 0x80:
        return value, pos
    value &= 0x7F
    shift = 7
    for byte in data[pos : pos + _MAX_BYTES - 1]:
        pos += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            if byte and value <= MAX_INTEGER:
                return value, pos
            break
        shift += 7
    else:
        if shift < 7 * _MAX_BYTES:
            raise IndexError
    raise ValueError("An integer is longer than it needs to be, or larger than 2^53 - 1.")


def read_bytes(data: bytes, pos: int) -> tuple[bytes, int]:
    """Read a byte array: its length, then its bytes."""
    length, pos = read_varuint(data, pos)
    end = skip(data, pos, length)
    return data[pos:end], end


def skip(data: bytes, pos: int, length: int) -> int:
    """Return the position behind `length` bytes."""
    end = pos + length
    if end > len(data):
        raise IndexError
    return end


def read_string(data: bytes, pos: int) -> tuple[str, int]:
    """Read a string: the length of its UTF-8 in bytes, then its UTF-8."""
    length, pos = read_varuint(data, pos)
    end = skip(data, pos, length)
    try:
        return data[pos:end].decode(), end
    except UnicodeDecodeError:
        raise ValueError("A string is not valid UTF-8.") from None


def write_varuint(out: bytearray, value: int) -> None:
    """Append an integer from 0 upwards."""
    while value & ~0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def write_bytes(out: bytearray, value: bytes) -> None:
    """Append a byte array."""
    write_varuint(out, len(value))
    out += value


def write_string(out: bytearray, value: str) -> None:
    """Append a string; UnicodeEncodeError where it holds half a surrogate pair."""
    write_bytes(out, value.encode())
