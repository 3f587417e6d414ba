import asyncio

import pytest

from server.pace import MOST_PAUSE, PAUSE_FACTOR, Pace
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
    pace.worked(0.00002)
    assert pace.left == pytest.approx(0.00002 * PAUSE_FACTOR)


def test_a_busy_turn_makes_the_next_one_wait_up_to_a_bound() -> None:
    pace = Pace(Clock())
    pace.worked(3.0)
    assert pace.left == pytest.approx(MOST_PAUSE)


def test_the_pause_began_when_the_turn_ended() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.worked(3.0)
    clock.now += MOST_PAUSE + 0.001
    assert pace.left <= 0


async def test_a_rest_ends_when_its_time_is_over() -> None:
    pace = Pace()
    pace.worked(3.0)
    await pace.rest(asyncio.Event())
    assert pace.left <= 0


async def test_stopping_does_not_wait_for_the_pace() -> None:
    pace, stopping = Pace(lambda: -3600.0), asyncio.Event()  # its next turn is an hour away
    pace._next = 0.0
    resting = asyncio.create_task(pace.rest(stopping))
    stopping.set()
    await until(resting.done)
    assert pace.left > 0
