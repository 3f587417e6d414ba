"""The parking: updates that build on what is not here yet, outside the document (law 5)."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import Gauge

from crdt.errors import MissingDependencies
from crdt.structs import ID
from server.submission import Submission, Writer

WRITERS = 4  # that can fill the parking together


@dataclass(eq=False, slots=True)
class _Place:
    """What waits until a time, for an ID."""

    until: float
    submission: Submission
    needed: ID | None

    @property
    def writer(self) -> Writer:
        """Whose it is."""
        return self.submission.writer


def _any(_needed: ID) -> bool:
    """Whether anything may have arrived."""
    return True


class Parking:
    """Up to `most` submissions of `most_bytes` together, each for `seconds`.

    One writer may take a quarter of that, so that nobody can fill the places of the others.

    Who is sent away, for want of space or after its time, is asked for all that is missing once;
    when that was of no use it is refused.
    """

    __slots__ = ("_bytes", "_clock", "_gauge", "_most", "_most_bytes", "_places", "_seconds")

    def __init__(
        self, most: int, most_bytes: int, seconds: float, clock: Callable[[], float], gauge: Gauge
    ) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._clock = clock
        self._gauge = gauge
        self._bytes = 0
        self._places: deque[_Place] = deque()

    def __bool__(self) -> bool:
        """Whether anything waits here."""
        return bool(self._places)

    def park(self, submission: Submission, needed: ID | None = None) -> bool:
        """Let it wait for the ID that it needs, if one is known; False when there is no place."""
        own = [len(p.submission.update) for p in self._places if p.writer is submission.writer]
        size = len(submission.update)
        if len(self._places) >= self._most or self._bytes + size > self._most_bytes:
            return False
        if WRITERS * (len(own) + 1) > self._most or WRITERS * (sum(own) + size) > self._most_bytes:
            return False
        self._bytes += size
        self._places.append(_Place(self._clock() + self._seconds, submission, needed))
        self._gauge.inc()
        return True

    def retry(
        self, attempt: Callable[[Submission], bool], arrived: Callable[[ID], bool] = _any
    ) -> None:
        """Give each whose ID has `arrived` another attempt, in order, while any of them gets in.

        `attempt` says whether the submission brought anything; it raises MissingDependencies to
        have it wait on.
        """
        progress = True
        while progress:
            due = [p for p in self._places if p.needed is None or arrived(p.needed)]
            progress = sum(self._attempt(place, attempt) for place in due) > 0

    def _attempt(self, place: _Place, attempt: Callable[[Submission], bool]) -> bool:
        try:
            progress = attempt(place.submission)
        except MissingDependencies as missing:
            place.needed = missing.needed
            return False
        self._places.remove(place)
        self._left(place)
        return progress

    def _left(self, place: _Place) -> None:
        self._bytes -= len(place.submission.update)
        self._gauge.dec()

    def expired(self) -> Iterator[Submission]:
        """Take out what has waited for its time."""
        while self._places and self._places[0].until <= self._clock():
            place = self._places.popleft()
            self._left(place)
            yield place.submission

    def clear(self) -> None:
        """Take out everything."""
        while self._places:
            self._left(self._places.popleft())
