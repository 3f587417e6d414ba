import asyncio
from time import monotonic

import pytest

from server.pace import FACTOR, MOST_SECONDS, Pace
from tests.support.live import until


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
    await pace.rest(asyncio.Event())
    assert pace.left <= 0


async def test_stopping_does_not_wait_for_the_pace() -> None:
    pace, stopping = Pace(lambda: -3600.0), asyncio.Event()  # its next turn is an hour away
    pace._next = 0.0
    resting = asyncio.create_task(pace.rest(stopping))
    stopping.set()
    await until(resting.done)
    assert pace.left > 0
