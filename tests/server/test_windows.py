"""The library's limits over our windows; the clock is the test's."""

import threading

from limits import RateLimitItemPerSecond
from limits.strategies import FixedWindowRateLimiter

from server.windows import FEW, Windows


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_window_begins_with_the_first_and_ends_after_its_time() -> None:
    clock, limit = Clock(), RateLimitItemPerSecond(3, 10)
    strategy = FixedWindowRateLimiter(Windows(clock))
    assert strategy.hit(limit, "ada", cost=3)
    clock.now += 9.9
    assert not strategy.hit(limit, "ada")
    assert strategy.get_window_stats(limit, "ada").reset_time == 110.0
    clock.now += 0.1
    assert strategy.hit(limit, "ada")


def test_keys_do_not_know_of_each_other() -> None:
    windows = Windows(Clock())
    windows.incr("ada", 10, 5)
    assert (windows.get("ada"), windows.get("bob")) == (5, 0)


def test_what_is_over_is_forgotten_and_nothing_else() -> None:
    clock = Clock()
    windows = Windows(clock)
    windows.incr("long", 1_000)
    for number in range(10 * FEW):
        clock.now += 0.01
        windows.incr(f"short {number}", 1)
    assert len(windows) <= FEW + 1
    assert windows.get("long") == 1


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    Windows(Clock()).incr("ada", 10)
    assert threading.active_count() == before


def test_windows_can_be_closed_early() -> None:
    clock = Clock()
    windows = Windows(clock)
    windows.incr("ada", 10)
    windows.incr("bob", 10)
    windows.clear("ada")
    assert (windows.get("ada"), windows.get_expiry("ada"), windows.check()) == (0, 100.0, True)
    assert windows.reset() == 1
    assert len(windows) == 0
