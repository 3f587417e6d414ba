"""Alignment: the longest common subsequence, or a good one of what is too long."""

import random
from collections.abc import Sequence

import pytest

from crdt.alignment import Alignment, Common


def common(left: str, right: str, most: int = 1 << 20) -> str:
    return "".join(
        left[each.left : each.left + each.length]
        for each in Alignment("\n".__eq__, most).of(left, right)
    )


def longest(left: str, right: str) -> int:
    """The textbook's table."""
    row = [0] * (len(right) + 1)
    for one in left:
        before = row
        row = [0]
        for at, other in enumerate(right):
            row.append(before[at] + 1 if one == other else max(before[at + 1], row[at]))
    return row[-1]


def is_common(found: Sequence[Common], left: str, right: str) -> bool:
    at = other = 0
    for start, its, length in found:
        assert length > 0
        assert min(start - at, its - other) >= 0
        assert left[start : start + length] == right[its : its + length]
        at, other = start + length, its + length
    return True


def words(chance: random.Random, size: int) -> str:
    return "".join(chance.choice("abc\n") for _ in range(chance.randint(0, size)))


def test_what_is_the_same_is_found() -> None:
    assert list(Alignment("\n".__eq__).of("abcd", "xbcyd")) == [Common(1, 1, 2), Common(3, 4, 1)]
    assert common("", "abc") == common("abc", "") == common("", "") == ""


@pytest.mark.parametrize("seed", range(50))
def test_it_is_the_longest_that_there_is(seed: int) -> None:
    chance = random.Random(seed)
    left, right = words(chance, 30), words(chance, 30)
    found = list(Alignment("\n".__eq__).of(left, right))
    assert is_common(found, left, right)
    assert sum(each.length for each in found) == longest(left, right)


@pytest.mark.parametrize("seed", range(50))
def test_what_is_too_long_is_aligned_in_lines_and_between_them(seed: int) -> None:
    chance = random.Random(seed)
    left, right = words(chance, 60), words(chance, 60)
    assert is_common(list(Alignment("\n".__eq__, 60).of(left, right)), left, right)


def test_equal_lines_are_found_and_the_characters_between_them() -> None:
    left, right = "same line\nword one\nlast line\n", "new\nsame line\nword two\nlast line\n"
    assert common(left, right, 150) == "same line\nword o\nlast line\n"


def test_a_line_that_is_too_long_is_another_line() -> None:
    left, right = "same line\n" + 30 * "x" + "\nlast\n", "same line\n" + 31 * "x" + "\nlast\n"
    assert common(left, right, 150) == "same line\nlast\n"


def test_of_too_many_lines_nothing_is_aligned() -> None:
    assert common("\n" * 20, "\n" * 20, 100) == ""
