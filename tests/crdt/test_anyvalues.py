"""Any: every type that writers write, no type that they do not, never too deep."""

import struct

import pytest

from crdt.anyvalues import skip_any
from crdt.errors import UpdateTooLarge
from crdt.limits import Allowance
from tests.support.wire import array, string, uint

UNDEFINED, NULL, TRUE, FALSE = b"\x7f", b"\x7e", b"\x78", b"\x79"
INTEGER, FLOAT32, FLOAT64, BIGINT = b"\x7d", b"\x7c", b"\x7b", b"\x7a"
STRING, OBJECT, ARRAY, BYTES = b"\x77", b"\x76", b"\x75", b"\x74"


def end(data: bytes, nesting: int = 64, values: int = 1000) -> int:
    return skip_any(data, 0, Allowance(nesting, values))


@pytest.mark.parametrize(
    "value",
    [
        UNDEFINED,
        NULL,
        TRUE,
        FALSE,
        INTEGER + b"\x00",
        INTEGER + b"\x40",  # minus zero
        INTEGER + b"\x7f",  # -63
        INTEGER + b"\x80\x01",  # 64
        INTEGER + b"\xff\xff\xff\xff\x0f",  # -(2^31 - 1)
        INTEGER + b"\xbf\xff\xff\xff\xff\xff\xff\x1f",  # 2^53 - 1
        FLOAT32 + struct.pack(">f", 0.5),
        FLOAT64 + struct.pack(">d", float("nan")),
        BIGINT + struct.pack(">q", -(2**63)),
        STRING + string("ß😀"),
        OBJECT + uint(0),
        OBJECT + uint(2) + string("a") + NULL + string("") + ARRAY + uint(1) + TRUE,
        ARRAY + uint(0),
        ARRAY + uint(3) + NULL + ARRAY + uint(0) + STRING + string("x"),
        BYTES + array(b"\x00\xff"),
    ],
)
def test_a_value_ends_where_it_ends(value: bytes) -> None:
    assert end(value + b"\x00") == len(value)


@pytest.mark.parametrize(
    "value",
    [
        FLOAT32 + b"\x00",
        FLOAT64 + b"\x00" * 7,
        BIGINT + b"\x00" * 7,
        INTEGER,
        INTEGER + b"\x80",
        STRING + uint(2) + b"a",
        BYTES + uint(2**29) + b"a",
        ARRAY + uint(2) + NULL,
        OBJECT + uint(1) + string("a"),
        b"",
    ],
)
def test_a_value_that_ends_too_early_is_an_index_error(value: bytes) -> None:
    with pytest.raises(IndexError):
        end(value)


@pytest.mark.parametrize("tag", [0, 1, 0x73, 0x80, 0xFF])
def test_an_unknown_type_is_refused(tag: int) -> None:
    with pytest.raises(ValueError, match="unknown type"):
        end(bytes([tag, 0]))


def test_an_over_long_integer_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than it needs"):
        end(INTEGER + b"\x80\x00")


def test_an_integer_that_javascript_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than"):
        end(INTEGER + b"\x80\x80\x80\x80\x80\x80\x80\x20")


@pytest.mark.parametrize("open_one", [ARRAY + uint(1), OBJECT + uint(1) + string("k")])
def test_a_value_is_as_deep_as_it_may_be(open_one: bytes) -> None:
    assert end(open_one * 64 + NULL) == len(open_one * 64) + 1


@pytest.mark.parametrize("depth", [65, 40_000])
@pytest.mark.parametrize("open_one", [ARRAY + uint(1), OBJECT + uint(1) + string("k")])
def test_a_value_nested_deeper_is_refused(open_one: bytes, depth: int) -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        end(open_one * depth + NULL)


def test_a_count_is_refused_before_its_values_are_read() -> None:
    with pytest.raises(UpdateTooLarge):
        end(ARRAY + uint(2**29) + NULL)


def test_values_are_counted_through_all_levels() -> None:
    value = ARRAY + uint(2) + (ARRAY + uint(2) + NULL + NULL) * 2
    assert end(value, values=6) == len(value)
    with pytest.raises(UpdateTooLarge):
        end(value, values=5)
