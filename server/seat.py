"""A seat: the place of one worker, where the next one finds what the last one had."""

import signal
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic

from server.plan import Plan
from server.slate import Reason, Slate
from server.supervised import Supervised

SHORT_LIFE = 10.0  # seconds; who ends earlier is replaced after a pause
LONGEST_PAUSE = 30.0


class Seat:
    """One worker after the other, on the same sockets: what waits there waits for the next one."""

    def __init__(self, number: int, plan: Plan, sockets: Sequence[socket.socket]) -> None:
        self.number = number
        self.worker: Supervised | None = None  # None: it has ended, the next one is due
        self.vain_starts = 0  # workers in a row that ended before they listened
        self.pause = 0.0  # seconds between the last worker and the next one
        self._plan = plan
        self._sockets = sockets
        self._slate = Slate.make()
        self._short_lives = 0
        self._due = monotonic()

    @property
    def listening(self) -> bool:
        """Whether somebody sits here who can be reached."""
        return self.worker is not None and self.worker.listening

    def wait(self) -> float:
        """Seconds until the next worker is due."""
        return max(0.0, self._due - monotonic())

    def fill(self) -> None:
        """Start a worker."""
        self.worker = Supervised(self._plan.worker, self._sockets, self._slate.file)

    def send(self, number: int) -> None:
        """Send the worker a signal, if there is one."""
        if self.worker is not None:
            self.worker.send(number)

    def close(self) -> None:
        """Take no more connections, as far as it is up to us."""
        for each in self._sockets:
            each.close()

    def vacate(self, worker: Supervised, reason: Reason) -> int:
        """End the worker who sits here, which has died or has to; give its status."""
        self.worker = None
        status = worker.end(patient=reason == "died")
        self.vain_starts = 0 if worker.listening else self.vain_starts + 1
        self._pause(worker)
        return status

    def seal(self, reason: Reason, status: int) -> None:
        """Keep what the last worker had in hand for the next one."""
        unforced = reason == "stalled" or status != -signal.SIGKILL
        self._slate.seal(reason, datetime.now(UTC).timestamp(), unforced=unforced)

    def _pause(self, worker: Supervised) -> None:
        """Let the next one wait, the longer the shorter workers live."""
        if worker.listening and worker.age() > SHORT_LIFE:
            self._short_lives, self.pause = 0, 0.0
        else:
            self.pause = min(LONGEST_PAUSE, self._plan.first_pause * 2.0**self._short_lives)
            self._short_lives += 1
        self._due = monotonic() + self.pause

    def heir(self) -> tuple[Supervised, Slate]:
        """Start another worker on the same sockets, with a slate of its own."""
        slate = self._slate.successor()
        return Supervised(self._plan.worker, self._sockets, slate.file, waits=False), slate

    def hand_over(self, heir: Supervised, slate: Slate) -> Slate:
        """Let the heir sit here; give the slate of who sat here."""
        left, self._slate = self._slate, slate
        self.worker = heir
        return left
