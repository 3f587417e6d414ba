"""Deletions: each client once, its ranges in order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.deletions import Deletion, read_deletions, write_deletions
from crdt.errors import UpdateTooLarge
from crdt.limits import UpdateLimits
from tests.support.wire import uint


def numbers(*values: int) -> bytes:
    return b"".join(map(uint, values))


def read(data: bytes, **limits: int) -> tuple[Deletion, ...]:
    deletions, end = read_deletions(b"\xff" + data, 1, UpdateLimits(**limits))
    assert end == 1 + len(data)
    return deletions


def written(*deletions: Deletion) -> bytes:
    out = bytearray()
    write_deletions(out, deletions)
    return bytes(out)


def test_no_deletions_are_one_byte() -> None:
    assert read(b"\x00") == ()
    assert written() == b"\x00"


def test_ranges_are_read_in_wire_order() -> None:
    data = numbers(2, 7, 2, 0, 3, 5, 300, 9, 1, 4, 1)
    assert read(data) == (Deletion(7, 0, 3), Deletion(7, 5, 300), Deletion(9, 4, 1))


def test_ranges_may_touch() -> None:
    assert read(numbers(1, 7, 2, 0, 3, 3, 1)) == (Deletion(7, 0, 3), Deletion(7, 3, 1))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (numbers(1, 7, 0), "deletes nothing"),
        (numbers(2, 7, 1, 0, 1, 7, 1, 5, 1), "twice"),
        (numbers(1, 7, 1, 5, 0), "empty"),
        (numbers(1, 7, 2, 0, 3, 2, 3), "overlap"),
        (numbers(1, 7, 2, 5, 1, 0, 1), "out of order"),
        (numbers(1, 7, 2, 5, 1, 5, 1), "overlap"),
        (numbers(1, 7, 1, 2**31, 1), "2\\^31"),
        (numbers(1, 7, 1, 2**31 - 1, 1), "2\\^31"),
        (numbers(1, 7, 1, 0, 2**31), "2\\^31"),
        (b"\x80\x00", "longer than it needs"),
        (numbers(1, 2**53, 1, 0, 1), "larger than"),
    ],
)
def test_what_no_writer_writes_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read(data)


def test_the_last_clock_may_be_deleted() -> None:
    assert read(numbers(1, 7, 1, 0, 2**31 - 1)) == (Deletion(7, 0, 2**31 - 1),)


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (numbers(3, 7, 1, 0, 1), {"clients": 2}),
        (numbers(2**29), {}),
        (numbers(1, 7, 2**29), {}),
        (numbers(2, 7, 2, 0, 1, 5, 1, 8, 1, 0, 1), {"deletions": 2}),
    ],
)
def test_counts_are_refused_before_anything_is_read(data: bytes, limits: dict[str, int]) -> None:
    with pytest.raises(UpdateTooLarge):
        read(data, **limits)


def test_clients_are_written_descending_and_their_ranges_ascending() -> None:
    data = written(Deletion(7, 5, 300), Deletion(9, 4, 1), Deletion(7, 0, 3))
    assert data == numbers(2, 9, 1, 4, 1, 7, 2, 0, 3, 5, 300)


ranges = st.builds(Deletion, st.integers(1, 3), st.integers(0, 40), st.integers(1, 9))


@given(st.lists(ranges))
def test_what_is_written_is_the_union_in_as_few_ranges_as_it_takes(given: list[Deletion]) -> None:
    def covered(deletions: object) -> set[tuple[int, int]]:
        assert isinstance(deletions, list | tuple)
        return {(d.client, d.clock + i) for d in deletions for i in range(d.length)}

    deletions = read(written(*given))
    assert covered(deletions) == covered(given)
    assert all(
        left.client != right.client or left.clock + left.length < right.clock
        for left, right in pairwise(deletions)
    )
