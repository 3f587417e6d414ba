"""State vectors: each client once, no count that is not meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text

from crdt.encoding import MAX_INTEGER
from crdt.errors import MalformedUpdate, UpdateTooLarge
from crdt.limits import MAX_CLOCK, UpdateLimits
from crdt.statevector import decode_state_vector, encode_state_vector
from tests.support.wire import uint

LIMITS = UpdateLimits()


def numbers(*values: int) -> bytes:
    return b"".join(map(uint, values))


@given(st.dictionaries(st.integers(0, MAX_INTEGER), st.integers(0, MAX_CLOCK)))
def test_a_state_vector_is_read_as_it_was_written(vector: dict[int, int]) -> None:
    assert decode_state_vector(encode_state_vector(vector), LIMITS) == vector


def test_a_state_vector_of_yrs_is_read() -> None:
    document = Doc(client_id=2**40)
    document.get("content", type=Text).insert(0, "ß😀")
    assert decode_state_vector(document.get_state(), LIMITS) == {2**40: 3}


def test_clients_are_written_descending() -> None:
    assert encode_state_vector({7: 1, 300: 2}) == numbers(2, 300, 2, 7, 1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "ends too early"),
        (numbers(2, 7, 1), "ends too early"),
        (numbers(1, 7, 1, 0), "followed by other bytes"),
        (numbers(2, 7, 1, 7, 2), "twice"),
        (numbers(1, 7, 2**31), "2\\^31"),
        (numbers(1, 2**53 + 7, 1), "larger than"),
        (b"\x81\x00\x07\x01", "longer than it needs"),
    ],
)
def test_what_is_not_a_state_vector_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(MalformedUpdate, match=why):
        decode_state_vector(data, LIMITS)


def test_a_count_is_refused_before_anything_is_read() -> None:
    with pytest.raises(UpdateTooLarge, match="too many clients"):
        decode_state_vector(numbers(2**29), LIMITS)


def test_a_state_vector_beyond_the_size_is_refused() -> None:
    with pytest.raises(UpdateTooLarge, match="too large"):
        decode_state_vector(numbers(1, 7, 1), UpdateLimits(size=2))
