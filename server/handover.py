"""A handover: a worker leaves its seat to an heir, who can be reached before it goes."""

import signal
from collections.abc import Collection
from time import monotonic
from typing import Literal

from server.plan import Plan
from server.seat import Seat
from server.supervised import Supervised

Outcome = Literal["under way", "done", "failed"]


class Handover:
    """The two of them in one seat.

    Both take connections from the same sockets for a moment, so that there is no moment at which
    nobody does. When the heir does not come up, the worker stays as if nothing had been.
    """

    def __init__(self, seat: Seat, worker: Supervised, plan: Plan) -> None:
        self.seat = seat
        self.begins = True  # the heir is still to listen
        self.status = 0  # of who was waited for
        self._worker = worker
        self._stop_seconds = plan.stop_seconds
        self._heir, self._slate = seat.heir()
        self._until = monotonic() + plan.start_seconds

    @property
    def watched(self) -> Supervised:
        """Who is waited for: the heir till it listens, then who leaves till it has ended."""
        return self._heir if self.begins else self._worker

    def go_on(self, ready: Collection[object]) -> Outcome:
        """Take in what the one who is waited for says, and do what follows."""
        says_more = self.watched not in ready or self.watched.listen()
        late = monotonic() > self._until
        if self.begins and self._heir.listening:
            self._hand_over()
        elif late or not says_more:
            return self._end(patient=not says_more)
        return "under way"

    def cancel(self) -> None:
        """End the heir, if it is not in its seat yet."""
        if self.begins:
            self._end(patient=False)

    def _hand_over(self) -> None:
        """Seat the heir, and ask the worker to leave."""
        self.begins = False
        self._slate = self.seat.hand_over(self._heir, self._slate)
        self._worker.send(signal.SIGTERM)
        self._until = monotonic() + self._stop_seconds

    def _end(self, *, patient: bool) -> Outcome:
        """End who is waited for, by itself if `patient`; the slate is of no use to anybody."""
        self.status = self.watched.end(patient=patient)
        self._slate.close()
        return "failed" if self.begins else "done"
