from time import monotonic

import pytest

from server.pace import GOOD_TIME, LEAST, LIGHT, MEMORY, MOST_PATIENCE, Excess, Pace

TYPICAL = 0.002  # seconds until a turn is stored


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

    async def turns(self, number: int, *, busy: float, every: float, takes: float) -> None:
        """Have turns, each for an edit that has just come, and then an edit for the next one."""
        for _ in range(number):
            self.pace.asked()
            self.clock.now += max(0.0, self.pace.left)
            await self.pace.rest()
            self.clock.now += takes
            self.pace.worked(self.clock.now, busy)
            self.clock.now += every - takes
        self.pace.asked()


def test_the_first_turn_waits_for_nothing() -> None:
    pace = Pace(Clock())
    pace.asked()
    assert pace.left <= 0


async def test_a_few_people_wait_for_nothing_but_the_commit() -> None:
    here = House()
    await here.turns(200, busy=0.0003, every=0.05, takes=TYPICAL)
    assert here.pace.left <= 0


async def test_where_turns_keep_the_loop_busy_an_edit_waits_for_others() -> None:
    here = House()
    await here.turns(200, busy=0.00103, every=0.004, takes=TYPICAL)
    assert here.pace.left == pytest.approx(GOOD_TIME - TYPICAL, rel=0.01)


async def test_where_turns_take_much_of_the_time_good_time_is_longer() -> None:
    here = House()
    await here.turns(200, busy=0.004, every=0.006, takes=TYPICAL)
    assert here.pace.left == pytest.approx(GOOD_TIME + MOST_PATIENCE - TYPICAL, rel=0.01)


async def test_an_edit_waits_from_when_it_came_also_while_a_turn_is_being_stored() -> None:
    here = House()
    await here.turns(200, busy=0.00103, every=0.004, takes=TYPICAL)
    wait = here.pace.left
    here.clock.now += wait / 2
    assert here.pace.left == pytest.approx(wait / 2)


async def test_where_commits_are_slow_edits_still_share_turns() -> None:
    here = House()
    await here.turns(200, busy=0.0007, every=0.004, takes=0.05)
    assert here.pace.left == pytest.approx(LEAST)


async def test_it_is_forgotten_that_turns_were_busy() -> None:
    here = House()
    await here.turns(200, busy=0.00103, every=0.004, takes=TYPICAL)
    here.clock.now += 8 * MEMORY
    here.pace.asked()
    assert here.pace.left <= 0


async def test_a_turn_that_took_long_itself_makes_nobody_wait() -> None:
    here = House()
    await here.turns(200, busy=0.00103, every=0.004, takes=TYPICAL)
    here.clock.now += GOOD_TIME  # in which the turn before is still being stored
    assert here.pace.left <= 0


async def test_a_rest_ends_when_its_time_is_over() -> None:
    pace = Pace()
    pace.worked(monotonic(), 20 * LIGHT)
    pace.asked()
    assert pace.left > 0
    await pace.rest()
    assert pace.left <= 0


def test_few_are_longer_than_what_is_likely() -> None:
    excess = Excess()
    for number in range(200):
        excess.note(0.001 if number % 2 else 0.003)
    assert 0.003 < excess.likely < 0.005
