from time import monotonic

import pytest

from server.pace import FACTOR, MOST_SECONDS, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_turn_waits_for_nothing() -> None:
    assert Pace(Clock()).left <= 0


def test_a_lone_keystroke_waits_for_next_to_nothing() -> None:
    pace = Pace(Clock())
    pace.worked(100.0, 0.00002)
    assert pace.left == pytest.approx(0.00002 * FACTOR)


def test_a_busy_turn_makes_the_next_one_wait_up_to_a_bound() -> None:
    pace = Pace(Clock())
    pace.worked(100.0, 3.0)
    assert pace.left == pytest.approx(MOST_SECONDS)


def test_a_turn_that_took_long_itself_makes_nobody_wait() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.now += 3.0
    pace.worked(100.0, 3.0)
    assert pace.left <= 0


async def test_a_rest_ends_when_its_time_is_over() -> None:
    pace = Pace()
    pace.worked(monotonic(), 3.0)
    await pace.rest()
    assert pace.left <= 0
