"""The primitives of the encoding: one form for every value, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Decoder

from crdt.encoding import (
    MAX_INTEGER,
    read_bytes,
    read_string,
    read_varuint,
    write_bytes,
    write_string,
    write_varuint,
)
from tests.support.forging import padded
from tests.support.wire import string, uint


@given(st.integers(0, MAX_INTEGER))
def test_an_integer_is_read_as_it_was_written(value: int) -> None:
    out = bytearray()
    write_varuint(out, value)
    assert read_varuint(bytes(out), 0) == (value, len(out))


@given(st.integers(0, MAX_INTEGER))
def test_an_integer_is_written_as_others_write_it(value: int) -> None:
    out = bytearray()
    write_varuint(out, value)
    assert bytes(out) == uint(value)
    assert Decoder(bytes(out)).read_var_uint() == value


def test_reading_starts_at_the_position_and_ends_behind_the_value() -> None:
    assert read_varuint(b"\xff\xac\x02\xff", 1) == (300, 3)


@pytest.mark.parametrize("value", [0, 1, 127, 128, 300, 2**28, 2**49 - 1])
@pytest.mark.parametrize("extra", [1, 2, 7, 100])
def test_an_over_long_integer_is_refused(value: int, extra: int) -> None:
    with pytest.raises(ValueError, match="longer than it needs to be"):
        read_varuint(padded(extra)(value), 0)


@pytest.mark.parametrize("value", [2**53, 2**53 + 7, 2**56 - 1, 2**56, 2**64, 2**10_000])
def test_an_integer_that_javascript_cannot_hold_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="larger than"):
        read_varuint(uint(value), 0)


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff\xff", b"\xff" * 7])
def test_an_integer_that_ends_too_early_is_an_index_error(data: bytes) -> None:
    with pytest.raises(IndexError):
        read_varuint(data, 0)


@given(st.text())
def test_a_string_is_read_as_it_was_written(text: str) -> None:
    out = bytearray()
    write_string(out, text)
    assert bytes(out) == string(text)
    assert read_string(bytes(out), 0) == (text, len(out))


@given(st.binary())
def test_bytes_are_read_as_they_were_written(value: bytes) -> None:
    out = bytearray()
    write_bytes(out, value)
    assert read_bytes(bytes(out), 0) == (value, len(out))


@pytest.mark.parametrize("read", [read_bytes, read_string])
def test_a_length_beyond_the_end_is_an_index_error(read: object) -> None:
    assert callable(read)
    with pytest.raises(IndexError):
        read(uint(2**29) + b"abc", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        b"\xff",
        b"\xc3",  # a character cut in two
        b"\xc0\x80",  # zero, over-long
        b"\xed\xa0\x80",  # half of a surrogate pair
        b"\xf4\x90\x80\x80",  # beyond the last code point
    ],
)
def test_a_string_that_is_not_utf8_is_refused(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="not valid UTF-8"):
        read_string(uint(len(wrong)) + wrong, 0)
