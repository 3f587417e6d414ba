"""A rolling restart: all workers are replaced, one after the other, while the others serve."""

import signal
from collections import deque
from collections.abc import Collection, Iterable
from typing import Protocol

from server.handover import Handover
from server.plan import Plan
from server.seat import Seat
from server.supervised import Supervised


class Tell(Protocol):
    """Writes a line to the log."""

    def __call__(self, event: str, *, level: str = "error", **more: object) -> None:
        """Write an event with what more there is to say."""


class Roll:
    """The seats whose workers are still to be replaced, and the handover that is under way."""

    def __init__(self, plan: Plan, tell: Tell) -> None:
        self._plan = plan
        self._tell = tell
        self._seats: deque[Seat] = deque()
        self._handover: Handover | None = None

    @property
    def watched(self) -> list[Supervised]:
        """Who is waited for."""
        return [self._handover.watched] if self._handover else []

    def begin(self, seats: Iterable[Seat]) -> None:
        """Replace the workers of these seats; a roll that is under way begins anew."""
        self._tell("The workers are replaced, one after the other.", level="info")
        self._seats = deque(seats)
        self._next()

    def go_on(self, ready: Collection[object]) -> None:
        """Take the next step, if it is time for one."""
        if self._handover is None:
            return
        outcome = self._handover.go_on(ready)
        if outcome == "failed":
            seat, status = self._handover.seat.number, self._handover.status
            self._tell("A new worker does not start; the others stay.", worker=seat, status=status)
            self._seats.clear()
            self._handover = None
        elif outcome == "done":
            if self._handover.status == -signal.SIGKILL:
                seat = self._handover.seat.number
                self._tell("A worker did not stop and was killed.", worker=seat)
            self._handover = None
            self._next()

    def leave_out(self, seat: Seat) -> None:
        """Do without a handover in a seat whose worker has ended: the next one is new anyway."""
        if self._handover is not None and self._handover.seat is seat and self._handover.begins:
            self._handover.cancel()
            self._handover = None
            self._next()

    def stop(self) -> None:
        """Replace nobody any more."""
        self._seats.clear()
        if self._handover is not None and self._handover.begins:
            self._handover.cancel()
            self._handover = None

    def _next(self) -> None:
        if self._handover is not None:
            return
        while self._seats:
            seat = self._seats.popleft()
            if seat.worker is not None:  # else the next one that is due is new anyway
                self._handover = Handover(seat, seat.worker, self._plan)
                return
        self._tell("All workers are replaced.", level="info")
