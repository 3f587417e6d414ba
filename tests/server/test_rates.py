"""Rates with a clock of the test's own."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from server.rates import BATCH, BATCH_BYTES, BURST_SECONDS, MOST_PAUSE, Meter, Rates
from server.refusals import TooManyClients, TooManyConnections
from server.settings import Settings

OFF = dict.fromkeys(
    (
        f"{who}_{what}"
        for who in ("author", "address")
        for what in (
            "messages_per_second",
            "bytes_per_second",
            "clients_per_minute",
            "connections",
            "connections_per_minute",
        )
    ),
    0,
)
SMALL = 10
HERE, THERE = "192.0.2.1", "192.0.2.2"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(clock: Clock) -> Callable[..., Rates]:
    def call(**settings: Any) -> Rates:
        return Rates(Settings(**OFF | settings), clock)

    return call


def _until_paused(meter: Meter, size: int = SMALL, most: int = 100_000) -> int:
    """Send until the meter wants a pause; tell how many messages went."""
    return next(sent for sent in range(1, most + 1) if meter.spend(size))


def test_an_honest_typist_is_never_paused(clock: Clock) -> None:
    meter = Rates(Settings(), clock).meter("ada", HERE, 1)
    for _ in range(20_000):
        clock.now += 0.02
        assert meter.spend(100) == 0.0


def test_a_day_offline_of_sixteen_megabytes_comes_in_at_once(clock: Clock) -> None:
    meter = Rates(Settings(), clock).meter("ada", HERE, 1)
    assert meter.spend(16 * 1024 * 1024) == 0.0


def test_who_sends_too_many_messages_is_paused_until_the_time_is_over(
    make: Callable[..., Rates], clock: Clock
) -> None:
    meter = make(author_messages_per_second=100).meter("ada", HERE, 1)
    allowed = 100 * BURST_SECONDS
    assert allowed < _until_paused(meter) <= allowed + BATCH
    clock.now += BURST_SECONDS - MOST_PAUSE / 2
    assert 0 < meter.spend(SMALL) <= MOST_PAUSE / 2
    clock.now += MOST_PAUSE / 2
    assert meter.spend(SMALL) == 0.0


def test_one_that_goes_on_is_paused_at_every_message(make: Callable[..., Rates]) -> None:
    meter = make(author_messages_per_second=100).meter("ada", HERE, 1)
    _until_paused(meter)
    assert all(meter.spend(SMALL) == MOST_PAUSE for _ in range(BATCH))


@pytest.mark.parametrize("whose", ["author", "address"])
def test_who_sends_too_many_bytes_is_paused(make: Callable[..., Rates], whose: str) -> None:
    meter = make(**{f"{whose}_bytes_per_second": 1_000_000}).meter("ada", HERE, 1)
    size = BATCH_BYTES // 4
    assert _until_paused(meter, size) * size > 1_000_000 * BURST_SECONDS


def test_the_connections_of_an_author_share_one_allowance(make: Callable[..., Rates]) -> None:
    rates = make(author_messages_per_second=100)
    _until_paused(rates.meter("ada", HERE, 1))
    assert _until_paused(rates.meter("ada", THERE, 2)) <= BATCH
    with pytest.raises(StopIteration):
        _until_paused(rates.meter("bob", HERE, 1), most=500)


def test_the_authors_at_an_address_share_one_allowance(make: Callable[..., Rates]) -> None:
    rates = make(address_messages_per_second=100)
    _until_paused(rates.meter("ada", HERE, 1))
    assert _until_paused(rates.meter("bob", HERE, 1)) <= BATCH
    with pytest.raises(StopIteration):
        _until_paused(rates.meter("ada", THERE, 1), most=500)


def test_readers_without_a_name_share_the_allowance_of_one(make: Callable[..., Rates]) -> None:
    rates = make(author_messages_per_second=100)
    _until_paused(rates.meter(None, HERE, 1))
    assert _until_paused(rates.meter(None, HERE, 2)) <= BATCH
    with pytest.raises(StopIteration):
        _until_paused(rates.meter(None, THERE, 1), most=500)


def test_without_limits_nobody_is_paused(make: Callable[..., Rates]) -> None:
    rates = make()
    meter = rates.meter("ada", HERE, 1)
    meter.bring(1_000_000)
    for _ in range(1_000):
        rates.seat_author(rates.seat(HERE), "ada")
    with pytest.raises(StopIteration):
        _until_paused(meter, 1_000_000)


def test_new_client_ids_are_counted_by_author_and_article(
    make: Callable[..., Rates], clock: Clock
) -> None:
    rates = make(author_clients_per_minute=10)
    rates.meter("ada", HERE, 1).bring(10)
    with pytest.raises(TooManyClients):
        rates.meter("ada", HERE, 1).bring(1)
    rates.meter("ada", HERE, 2).bring(10)
    rates.meter("bob", HERE, 1).bring(10)
    clock.now += 60
    rates.meter("ada", HERE, 1).bring(10)


def test_new_client_ids_are_counted_by_address(make: Callable[..., Rates]) -> None:
    rates = make(address_clients_per_minute=10)
    rates.meter("ada", HERE, 1).bring(10)
    with pytest.raises(TooManyClients):
        rates.meter("bob", HERE, 2).bring(1)
    rates.meter("bob", THERE, 2).bring(10)


def test_client_ids_that_are_refused_use_nothing_up(make: Callable[..., Rates]) -> None:
    meter = make(author_clients_per_minute=10).meter("ada", HERE, 1)
    with pytest.raises(TooManyClients):
        meter.bring(11)
    meter.bring(10)


def test_connections_at_once_are_counted_and_released(make: Callable[..., Rates]) -> None:
    rates = make(author_connections=2, address_connections=3)
    seats = [rates.seat(HERE) for _ in range(3)]
    with pytest.raises(TooManyConnections):
        rates.seat(HERE)
    for seat in seats[:2]:
        rates.seat_author(seat, "ada")
    with pytest.raises(TooManyConnections) as refused:
        rates.seat_author(seats[2], "ada")
    assert refused.value.retry_after > 0
    seats[0].release()
    rates.seat_author(seats[2], "ada")
    rates.seat(HERE)


def test_a_seat_is_given_back_once(make: Callable[..., Rates]) -> None:
    rates = make(address_connections=1)
    first = rates.seat(HERE)
    first.release()
    first.release()
    rates.seat(HERE)
    with pytest.raises(TooManyConnections):
        rates.seat(HERE)


def test_seats_that_were_given_back_leave_nothing_behind(make: Callable[..., Rates]) -> None:
    rates = make(address_connections=1)
    for number in range(100):
        seat = rates.seat(f"192.0.2.{number}")
        rates.seat_author(seat, f"author {number}")
        seat.release()
    assert not rates._open


def test_connections_in_a_minute_are_counted_and_told_when_to_come_back(
    make: Callable[..., Rates], clock: Clock
) -> None:
    rates = make(address_connections_per_minute=2)
    for _ in range(2):
        rates.seat(HERE).release()
    clock.now += 20.5
    with pytest.raises(TooManyConnections) as refused:
        rates.seat(HERE)
    assert refused.value.retry_after == 40
    rates.seat(THERE)
    clock.now += 40
    rates.seat(HERE)


def test_counting_a_message_costs_next_to_nothing(clock: Clock) -> None:
    """Most messages are counted without asking anybody; a clock would be asked a thousand times."""
    asked = 0

    def counting() -> float:
        nonlocal asked
        asked += 1
        return clock()

    meter = Rates(Settings(), counting).meter("ada", HERE, 1)
    for _ in range(10 * BATCH):
        meter.spend(100)
    assert asked <= 10 * 4


def test_a_clock_that_runs_is_fine() -> None:
    meter = Rates(Settings(), time.monotonic).meter("ada", HERE, 1)
    assert meter.spend(1) == 0.0
