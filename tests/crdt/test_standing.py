"""Standing: sets of IDs."""

import random

import pytest

from crdt.standing import Standing, standing
from tests.support.people import desk

SOME = Standing([(2, 7, 1), (1, 4, 2), (1, 0, 3), (1, 3, 1), (1, 9, 1)])


def test_ranges_that_touch_are_one() -> None:
    assert list(SOME) == [(1, 0, 6), (1, 9, 1), (2, 7, 1)]
    assert bool(SOME)
    assert not Standing([])


def test_a_range_is_told_in_parts_inside_and_outside() -> None:
    assert list(SOME.parts(1, 4, 8)) == [(2, True), (3, False), (1, True), (2, False)]
    assert list(SOME.parts(1, 6, 2)) == [(2, False)]
    assert list(SOME.parts(2, 0, 8)) == [(7, False), (1, True)]
    assert list(SOME.parts(3, 0, 5)) == [(5, False)]


def test_it_covers_what_is_all_inside_and_meets_what_is_so_in_part() -> None:
    assert SOME.covers(1, 1, 5)
    assert SOME.meets(1, 1, 5)
    assert not SOME.covers(1, 1, 6)
    assert SOME.meets(1, 1, 6)
    assert not SOME.meets(1, 6, 3)


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_with_a_set(seed: int) -> None:
    chance = random.Random(seed)
    ranges = [(chance.randrange(3), chance.randrange(30), chance.randint(1, 6)) for _ in range(12)]
    inside = {(client, clock + n) for client, clock, length in ranges for n in range(length)}
    some = Standing(ranges)
    for client in range(4):
        told = [each for length, each in some.parts(client, 0, 40) for _ in range(length)]
        assert told == [(client, clock) in inside for clock in range(40)]


def test_the_visible_text_stands() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello")
    table.share()
    bo.delete(1, 3)
    bo.embolden(0, 2)
    table.share()
    assert list(standing(table.live.weave)) == [(100, 0, 1), (100, 3, 2)]
