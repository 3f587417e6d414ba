import select
from collections.abc import Sequence

import pytest

from server.roll import Roll
from server.seat import Seat
from tests.support.seats import PLAN, SERVING, end, seat, seated

WAITING_ONLY = "json.loads(sys.argv[1])['waits'] or sys.exit(7); " + SERVING


class Told(list[str]):
    """What a roll wrote into the log."""

    def __call__(self, event: str, *, level: str = "error", **_more: object) -> None:
        self.append(f"{level}: {event}")


@pytest.fixture
def told() -> Told:
    return Told()


def _rolled(roll: Roll, seats: Sequence[Seat]) -> None:
    roll.begin(seats)
    while roll.watched:
        ready, _, _ = select.select(roll.watched, [], [], 0.05)
        roll.go_on(ready)


def _end(seats: Sequence[Seat]) -> None:
    for each in seats:
        end(each)


def test_all_are_replaced_and_that_is_told(told: Told) -> None:
    seats = [seated(SERVING), seated(SERVING)]
    before = [each.worker for each in seats]
    _rolled(Roll(PLAN, told), seats)
    assert not {each.worker for each in seats} & set(before)
    assert told == [
        "info: The workers are replaced, one after the other.",
        "info: All workers are replaced.",
    ]
    _end(seats)


def test_where_one_does_not_start_the_roll_ends(told: Told) -> None:
    seats = [seated(SERVING), seated(WAITING_ONLY), seated(SERVING)]
    before = [each.worker for each in seats]
    _rolled(Roll(PLAN, told), seats)
    assert [each.worker is worker for each, worker in zip(seats, before, strict=True)] == [
        False,
        True,
        True,
    ]
    assert told[1:] == ["error: A new worker does not start; the others stay."]
    _end(seats)


def test_an_empty_seat_is_left_out(told: Told) -> None:
    seats = [seat(SERVING), seated(SERVING)]
    worker = seats[1].worker
    _rolled(Roll(PLAN, told), seats)
    assert seats[0].worker is None
    assert seats[1].worker is not worker
    _end(seats)


def test_one_whose_worker_ends_meanwhile_is_left_out(told: Told) -> None:
    (place,) = seats = [seated(SERVING)]
    roll = Roll(PLAN, told)
    roll.begin(seats)
    end(place)
    roll.leave_out(place)
    assert roll.watched == []
    assert place.worker is None
    assert told[-1] == "info: All workers are replaced."


def test_a_roll_that_is_asked_for_twice_begins_anew(told: Told) -> None:
    (place,) = seats = [seated(SERVING)]
    roll = Roll(PLAN, told)
    roll.begin(seats)
    (first,) = roll.watched
    _rolled(roll, seats)
    assert place.worker is not first
    assert told[-1] == "info: All workers are replaced."
    _end(seats)


def test_a_roll_that_is_stopped_replaces_nobody_any_more(told: Told) -> None:
    seats = [seated(SERVING), seated(SERVING)]
    before = [each.worker for each in seats]
    roll = Roll(PLAN, told)
    roll.begin(seats)
    roll.stop()
    assert roll.watched == []
    assert [each.worker for each in seats] == before
    _end(seats)
