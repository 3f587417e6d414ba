import random

import pytest

from server.pace import (
    GOOD_TIME,
    LEAST,
    MEMORY,
    MOST_PATIENCE,
    MOST_ROOM_PATIENCE,
    ROOM_PATIENCE,
    STEP,
    Excess,
    Pace,
)

TYPICAL = 0.002  # seconds until a turn is stored


def about(seconds: float) -> object:
    """A wait, as well as it can be known from when a turn is likely to be stored."""
    return pytest.approx(seconds, abs=STEP)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class House:
    """A pace, and a clock that its turns move."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.pace = Pace(self.clock)
        self.wait = 0.0

    def turns(
        self, number: int, *, busy: float, every: float, takes: float, rooms: int = 1
    ) -> None:
        """Have turns, each for an edit that has just come, and then `wait` for the next one."""
        for _ in range(number):
            self.clock.now += self.pace.asked()
            self.pace.begins()
            self.clock.now += takes
            self.pace.worked(self.clock.now, busy, rooms)
            self.clock.now += every - takes
        self.wait = self.pace.asked()


def test_the_first_turn_waits_for_nothing() -> None:
    assert Pace(Clock()).asked() == 0


def test_a_few_people_wait_for_nothing_but_the_commit() -> None:
    here = House()
    here.turns(200, busy=0.0003, every=0.05, takes=TYPICAL)
    assert here.wait == 0


def test_where_turns_keep_the_loop_busy_an_edit_waits_for_others() -> None:
    here = House()
    here.turns(200, busy=0.00115, every=0.004, takes=TYPICAL)
    assert here.wait == about(GOOD_TIME - TYPICAL)


def test_where_turns_are_dear_good_time_is_longer() -> None:
    here = House()
    here.turns(200, busy=0.004, every=0.006, takes=TYPICAL)
    assert here.wait == about(GOOD_TIME + MOST_PATIENCE - TYPICAL)


def test_many_rooms_wait_longer_for_each_other() -> None:
    here = House()
    here.turns(200, busy=0.0014, every=TYPICAL, takes=TYPICAL, rooms=3)
    assert here.wait == about(GOOD_TIME + 2 * ROOM_PATIENCE - TYPICAL)
    here = House()
    here.turns(200, busy=0.004, every=0.004, takes=TYPICAL, rooms=100)
    assert here.wait == about(GOOD_TIME + MOST_PATIENCE + MOST_ROOM_PATIENCE - TYPICAL)


def test_a_few_people_in_as_many_rooms_wait_for_nothing_but_the_commit() -> None:
    here = House()
    here.turns(200, busy=0.0007, every=0.02, takes=TYPICAL, rooms=10)
    assert here.wait == 0


def test_a_turn_without_a_room_changes_nothing_about_that() -> None:
    here = House()
    here.turns(200, busy=0.00115, every=0.004, takes=TYPICAL, rooms=0)
    assert here.wait == about(GOOD_TIME - TYPICAL)


def test_a_commit_that_took_long_makes_the_next_edits_wait_hardly_less() -> None:
    excess = Excess()
    for _ in range(100):
        excess.note(TYPICAL)
    excess.note(0.1)
    assert excess.likely < TYPICAL + 2 * STEP


def test_where_commits_are_slow_edits_still_share_turns() -> None:
    here = House()
    here.turns(200, busy=0.0007, every=0.004, takes=0.05)
    assert here.wait == pytest.approx(LEAST)


def test_it_is_forgotten_that_turns_were_busy() -> None:
    here = House()
    here.turns(200, busy=0.00115, every=0.004, takes=TYPICAL)
    here.clock.now += 8 * MEMORY
    assert here.pace.asked() == 0


def test_a_turn_that_begins_before_its_time_was_not_late() -> None:
    here = House()
    here.turns(200, busy=0.00115, every=0.004, takes=TYPICAL)
    here.pace.begins()  # though its first edit was to wait
    here.clock.now += TYPICAL
    here.pace.worked(here.clock.now, 0.0, 1)
    assert here.pace.asked() == about(GOOD_TIME - TYPICAL)


def test_one_in_ten_is_longer_than_what_is_likely() -> None:
    chance, excess = random.Random(1), Excess()
    likely = []
    for _ in range(20_000):
        excess.note(chance.expovariate(1000))
        likely.append(excess.likely)
    late = likely[1000:]
    assert sum(late) / len(late) == pytest.approx(0.0023, rel=0.1)  # -ln(0.1) thousandths
