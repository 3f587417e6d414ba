from dataclasses import dataclass, field

import pytest
from prometheus_client import Gauge

from crdt.errors import MissingDependencies
from server.limits import loop_rules
from server.parking import Parking
from server.pen import Pen
from server.submission import Submission
from tests.support.live import SETTINGS

RULES = loop_rules(SETTINGS)


@dataclass
class Place:
    """A parking with a clock that a test turns."""

    now: float = 0.0
    gauge: Gauge = field(default_factory=lambda: Gauge("parked", "Parked.", registry=None))

    def parking(self, most: int = 8, most_bytes: int = 800) -> Parking:
        return Parking(most, most_bytes, 5.0, lambda: self.now, self.gauge)


def _writer() -> Pen:
    return Pen("ada")


def _submission(size: int = 10, writer: Pen | None = None) -> Submission:
    return Submission(writer or _writer(), b"u" * size, RULES)


async def test_a_parked_update_is_attempted_again_and_leaves_when_it_is_dealt_with() -> None:
    place = Place()
    parking, attempts = place.parking(), list[Submission]()
    submission = _submission()
    assert parking.park(submission)

    def attempt(again: Submission) -> bool:
        attempts.append(again)
        return True

    parking.retry(attempt)
    assert attempts == [submission]
    assert not parking
    assert place.gauge._value.get() == 0


async def test_what_is_still_missing_something_waits_on() -> None:
    parking = Place().parking()
    parking.park(_submission())

    def attempt(_: Submission) -> bool:
        raise MissingDependencies("not yet")

    parking.retry(attempt)
    assert parking


async def test_a_chain_comes_in_whatever_the_order_in_which_it_was_parked() -> None:
    parking, done = Place().parking(40, 4000), list[int]()
    for size in (3, 2, 1):
        parking.park(_submission(size))

    def attempt(submission: Submission) -> bool:
        if len(submission.update) != len(done) + 1:
            raise MissingDependencies("its predecessor")
        done.append(len(submission.update))
        return True

    parking.retry(attempt)
    assert done == [1, 2, 3]


async def test_one_writer_cannot_fill_the_parking() -> None:
    parking, greedy = Place().parking(most=8), _writer()
    assert [parking.park(_submission(1, greedy)) for _ in range(4)] == [True, True, False, False]
    assert parking.park(_submission(1))


async def test_one_writer_cannot_fill_it_with_bytes() -> None:
    parking, greedy = Place().parking(most_bytes=800), _writer()
    assert not parking.park(_submission(201, greedy))
    assert parking.park(_submission(200, greedy))
    assert not parking.park(_submission(1, greedy))


@pytest.mark.parametrize(("most", "most_bytes"), [(8, 10_000), (1_000, 800)])
async def test_all_writers_together_stay_below_its_numbers(most: int, most_bytes: int) -> None:
    parking = Place().parking(most, most_bytes)
    parked = sum(parking.park(_submission(100)) for _ in range(50))
    assert parked == 8


async def test_an_update_leaves_after_its_time_and_not_before() -> None:
    place = Place()
    parking, submission = place.parking(), _submission()
    parking.park(submission)
    place.now = 4.9
    assert list(parking.expired()) == []
    place.now = 5.0
    assert list(parking.expired()) == [submission]
    assert not parking
    assert place.gauge._value.get() == 0


async def test_waiting_again_does_not_lengthen_the_time() -> None:
    place = Place()
    parking = place.parking()
    parking.park(_submission())
    place.now = 4.0

    def attempt(_: Submission) -> bool:
        raise MissingDependencies("not yet")

    parking.retry(attempt)
    place.now = 5.0
    assert len(list(parking.expired())) == 1


async def test_only_what_may_find_what_it_needs_is_attempted() -> None:
    parking, here, attempts = Place().parking(40, 4000), set[tuple[int, int]](), list[int]()
    for size in (1, 2, 3):
        parking.park(_submission(size), (7, size))

    def attempt(submission: Submission) -> bool:
        size = len(submission.update)
        attempts.append(size)
        if size == 3:
            raise MissingDependencies("something else", (8, 0))
        here.add((7, size + 1))
        return True

    parking.retry(attempt, here.__contains__)
    assert attempts == []
    here.add((7, 1))
    parking.retry(attempt, here.__contains__)
    assert attempts == [1, 2, 3]
    parking.retry(attempt, here.__contains__)
    assert attempts == [1, 2, 3]  # the third one waits for something else now
    assert parking
