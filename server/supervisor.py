"""The supervisor: keeps workers serving, and replaces one that stalls or dies.

It binds the address itself and lends it to the workers, so that clients wait while a worker is
replaced and are never refused. It touches no byte of theirs and imports the standard library only,
so that what ends a worker cannot end it. If it is killed, its workers end with it.
"""

import json
import os
import select
import signal
import socket
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from time import monotonic

from server.listening import listen, listen_together
from server.plan import Plan
from server.roll import Roll
from server.seat import Seat
from server.slate import Reason
from server.steering import steer
from server.supervised import Supervised
from server.terminal import Terminal

LATE = 1.0  # seconds; a supervisor that wakes so late was held up itself
LOOK = 1.0  # seconds; how often it looks at least


class Supervisor:
    """Runs workers, each in its seat, until a signal asks it to stop. OSError: no address."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._groups = listen_together(plan.host, plan.port, plan.workers)
        self._seats = [Seat(each + 1, plan, self._sockets_of(each)) for each in range(plan.workers)]
        self._signals = _signals()
        self._terminal = Terminal()
        self._roll = Roll(plan, self._tell)
        self._steered: list[int] = []  # the seats that new connections come to
        self._served = False  # a worker could be reached
        self._awake = monotonic()
        self._asked = 0  # the first signal that asked to stop
        self._deadline = 0.0  # when the workers must have ended then
        self._statuses: list[int] = []  # with which they ended
        self._result: int | None = None

    def _sockets_of(self, seat: int) -> list[socket.socket]:
        """Give the sockets of a seat; only it has those at a port of its own."""
        first, shared = self._plan.worker_port, [group[seat] for group in self._groups]
        return shared if first is None else [*shared, *listen(self._plan.host, first + seat)]

    def run(self) -> int:
        """Return the first status of a worker that is not 0; negative: the signal that ended it."""
        while self._result is None:
            for seat in self._empty():
                if not seat.wait():
                    seat.fill()
            self._look(self._wait())
        return self._result

    def _empty(self) -> list[Seat]:
        """Give the seats that a worker is due in; the others wait till the first serves."""
        if self._asked:
            return []
        seats = self._seats if self._served else self._seats[:1]
        return [seat for seat in seats if seat.worker is None]

    def _workers(self) -> list[Supervised]:
        seated = [seat.worker for seat in self._seats if seat.worker is not None]
        return seated + self._roll.watched

    def _wait(self) -> list[int | Supervised]:
        """Wait a while for news. A supervisor that was held up itself cannot blame the workers."""
        waits = [LOOK, self._plan.stall_seconds / 4, *(seat.wait() for seat in self._empty())]
        sources: list[int | Supervised] = [self._signals, *self._workers()]
        ready, _, _ = select.select(sources, [], [], min(waits))
        before, self._awake = self._awake, monotonic()
        if self._awake > before + min(waits) + LATE:
            for worker in self._workers():
                worker.give_time()
        return ready

    def _look(self, ready: Collection[int | Supervised]) -> None:
        """Do what is to be done about what is ready, and about who is silent."""
        if self._signals in ready:
            self._obey()
        for seat in self._seats:
            if seat.worker is not None and (reason := self._ended(seat.worker, ready)):
                self._end(seat, seat.worker, reason)
            self._served = self._served or seat.listening
        self._roll.go_on(ready)
        self._steer()
        if self._asked and not self._workers():
            self._result = next(filter(None, self._statuses), 0 if self._statuses else -self._asked)

    def _ended(self, worker: Supervised, ready: Collection[int | Supervised]) -> Reason | None:
        """Whether a worker has died, or has to: it stalls, or does not stop when asked."""
        if worker in ready and not worker.listen():
            return "died"
        if self._asked and monotonic() > self._deadline:
            self._tell("The worker does not stop; it is killed.")
            return "stalled"
        stalls = not self._asked and worker.silent(self._plan.stall_seconds)
        return "stalled" if stalls else None

    def _end(self, seat: Seat, worker: Supervised, reason: Reason) -> None:
        """Empty a seat, and have it filled again unless that is in vain."""
        status = seat.vacate(worker, reason)
        if self._asked:
            self._statuses.append(status)
            return
        self._roll.leave_out(seat)
        last = not any(each.listening for each in self._seats)
        if last and seat.vain_starts >= (self._plan.starts if self._served else 1):
            self._tell("The server does not start.", status=status)
            self._result = status or 1
            return
        seat.seal(reason, status)
        event = f"The worker has {reason} and is replaced."
        self._tell(event, worker=seat.number, status=status, pause=seat.pause)

    def _obey(self) -> None:
        """Pass signals on to the workers; the first that asks to stop closes the doors."""
        for number in os.read(self._signals, 64):
            if number != signal.SIGHUP:
                self._stop(number)
            elif self._terminal.is_gone:
                self._stop(signal.SIGTERM)
            elif not self._asked:
                self._roll.begin(self._seats)

    def _stop(self, number: int) -> None:
        if not self._asked:
            self._asked, self._deadline = number, monotonic() + self._plan.stop_seconds
            self._roll.stop()
            for seat in self._seats:
                seat.close()
        for seat in self._seats:
            seat.send(number)

    def _steer(self) -> None:
        """Have new connections come where somebody takes them, as long as there is a choice."""
        listening = [place for place, seat in enumerate(self._seats) if seat.listening]
        if listening == self._steered or self._asked:
            return
        self._steered = listening
        for group in self._groups:
            steer(group, listening)

    def _tell(self, event: str, *, level: str = "error", **more: object) -> None:
        """Write a line to the log, as the workers do."""
        at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        if self._plan.json_log:
            line = json.dumps({**more, "event": event, "level": level, "timestamp": at})
        else:
            line = " ".join([at, f"[{level:9}]", event, *(f"{k}={v}" for k, v in more.items())])
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is the log


def _signals() -> int:
    """Give a file from which the numbers of arriving signals can be read."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reading


def main() -> None:
    """Carry out the plan on the command line; end as the workers did."""
    plan = Plan(**json.loads(sys.argv[1]))
    try:
        supervisor = Supervisor(plan)
    except OSError as error:
        own = "" if plan.worker_port is None else f" or one from port {plan.worker_port} on"
        where = f"{plan.host} port {plan.port}{own}"
        sys.exit(f"Error: Cannot listen on {where}: {(error.strerror or str(error)).lower()}")
    status = supervisor.run()
    if status in {-signal.SIGTERM, -signal.SIGINT}:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
