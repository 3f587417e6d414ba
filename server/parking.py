"""The parking: updates that build on what is not here yet, outside the document (law 5)."""

from collections import deque
from collections.abc import Callable, Iterator

from prometheus_client import Gauge

from crdt.errors import MissingDependencies
from server.submission import Submission

WRITERS = 4  # that can fill the parking together


class Parking:
    """Up to `most` submissions of `most_bytes` together, each for `seconds`.

    One writer may take a quarter of that, so that nobody can fill the places of the others.

    Who is sent away, for want of space or after its time, is asked for all that is missing once;
    when that was of no use it is refused.
    """

    def __init__(
        self, most: int, most_bytes: int, seconds: float, clock: Callable[[], float], gauge: Gauge
    ) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._clock = clock
        self._gauge = gauge
        self._bytes = 0
        self._places: deque[tuple[float, Submission]] = deque()

    def __bool__(self) -> bool:
        """Whether anything waits here."""
        return bool(self._places)

    def park(self, submission: Submission) -> bool:
        """Let it wait; False when there is no place for it."""
        own = [len(s.update) for _, s in self._places if s.writer is submission.writer]
        size = len(submission.update)
        if len(self._places) >= self._most or self._bytes + size > self._most_bytes:
            return False
        if WRITERS * (len(own) + 1) > self._most or WRITERS * (sum(own) + size) > self._most_bytes:
            return False
        self._keep(self._clock() + self._seconds, submission)
        return True

    def _keep(self, until: float, submission: Submission) -> None:
        self._bytes += len(submission.update)
        self._places.append((until, submission))
        self._gauge.inc()

    def retry(self, attempt: Callable[[Submission], bool]) -> None:
        """Give each another attempt, in order, while that gets any of them in.

        `attempt` says whether the submission is dealt with; it raises MissingDependencies to have
        it wait on.
        """
        progress = True
        while progress and self._places:
            progress = False
            for until, submission in self._take_all():
                try:
                    progress |= attempt(submission)
                except MissingDependencies:
                    self._keep(until, submission)

    def _take_all(self) -> list[tuple[float, Submission]]:
        places = list(self._places)
        self._places.clear()
        self._bytes = 0
        self._gauge.dec(len(places))
        return places

    def expired(self) -> Iterator[Submission]:
        """Take out what has waited for its time."""
        while self._places and self._places[0][0] <= self._clock():
            _, submission = self._places.popleft()
            self._bytes -= len(submission.update)
            self._gauge.dec()
            yield submission

    def clear(self) -> None:
        """Take out everything."""
        self._take_all()
