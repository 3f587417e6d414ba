"""The supervisor: keeps a worker serving, and replaces one that stalls or dies.

It binds the address itself and lends it to each worker, so that clients wait while a worker is
replaced and are never refused. It touches no byte of theirs and imports the standard library only,
so that what ends a worker cannot end it. If it is killed, its worker ends with it.
"""

import json
import os
import select
import signal
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from time import monotonic

from server.listening import listen
from server.slate import Reason, Slate
from server.supervised import Supervised

SHORT_LIFE = 10.0  # seconds; who ends earlier is replaced after a pause
LONGEST_PAUSE = 30.0
LATE = 1.0  # seconds; a supervisor that wakes so late was held up itself


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run and where; `worker` is a command that gets one more argument.

    `starts` is how many workers in a row may end before they listen.
    """

    worker: tuple[str, ...]
    host: str
    port: int
    stall_seconds: float
    stop_seconds: float
    json_log: bool = False
    starts: int = 8
    first_pause: float = 0.25  # seconds; doubled each time

    def command(self) -> list[str]:
        """Write the command that carries it out."""
        return [sys.executable, "-P", "-m", "server.supervisor", json.dumps(asdict(self))]


class Supervisor:
    """Runs workers, one after the other, until a signal asks it to stop. OSError: no address."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sockets = listen(plan.host, plan.port)
        self._slate = Slate.make()
        self._signals = _signals()
        self._asked = 0  # the first signal that asked to stop
        self._deadline = 0.0  # when the worker must have ended
        self._short_lives = self._vain_starts = 0

    def run(self) -> int:
        """Return the status of the last worker; negative: the signal that ended it."""
        served = False
        while True:
            worker = Supervised(self._plan.worker, self._sockets, self._slate.file)
            reason = self._attend(worker)
            status = worker.end(patient=reason == "died")
            served = served or worker.listening
            if self._asked:
                return status
            self._vain_starts = 0 if worker.listening else self._vain_starts + 1
            if self._vain_starts >= (self._plan.starts if served else 1):
                self._tell("The server does not start.", status=status)
                return status or 1
            self._replace(worker, reason, status)
            if self._asked:
                return -self._asked

    def _attend(self, worker: Supervised) -> Reason:
        """Wait until the worker has died, or has to: it stalls, or does not stop when asked."""
        while True:
            ready = self._wait(worker)
            if self._signals in ready:
                self._pass_on(worker)
            if worker in ready and not worker.listen():
                return "died"
            if self._asked and monotonic() > self._deadline:
                self._tell("The worker does not stop; it is killed.")
                return "stalled"
            if not self._asked and worker.silent(self._plan.stall_seconds):
                return "stalled"

    def _wait(self, worker: Supervised) -> list[int | Supervised]:
        """Wait a while for news. A supervisor that was held up itself cannot blame the worker."""
        seconds = min(1.0, self._plan.stall_seconds / 4)
        before = monotonic()
        sources: list[int | Supervised] = [self._signals, worker]
        ready, _, _ = select.select(sources, [], [], seconds)
        if monotonic() > before + seconds + LATE:
            worker.give_time()
        return ready

    def _pass_on(self, worker: Supervised) -> None:
        """Pass signals on to the worker, and take no more connections."""
        for number in os.read(self._signals, 64):
            if not self._asked:
                self._asked, self._deadline = number, monotonic() + self._plan.stop_seconds
                for each in self._sockets:
                    each.close()
            worker.send(number)

    def _replace(self, worker: Supervised, reason: Reason, status: int) -> None:
        """Seal what the worker had in hand; wait, the longer the shorter workers live."""
        unforced = reason == "stalled" or status != -signal.SIGKILL
        self._slate.seal(reason, datetime.now(UTC).timestamp(), unforced=unforced)
        pause = self._pause_after(worker)
        self._tell(f"The worker has {reason} and is replaced.", status=status, pause=pause)
        if select.select([self._signals], [], [], pause)[0]:
            self._asked = os.read(self._signals, 1)[0]

    def _pause_after(self, worker: Supervised) -> float:
        if worker.listening and worker.age() > SHORT_LIFE:
            self._short_lives = 0
            return 0.0
        self._short_lives += 1
        return min(LONGEST_PAUSE, self._plan.first_pause * 2.0 ** (self._short_lives - 1))

    def _tell(self, event: str, **more: object) -> None:
        """Write a line to the log, as the workers do."""
        at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        if self._plan.json_log:
            line = json.dumps({**more, "event": event, "level": "error", "timestamp": at})
        else:
            line = " ".join([at, "[error    ]", event, *(f"{k}={v}" for k, v in more.items())])
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is the log


def _signals() -> int:
    """Give a file from which the numbers of arriving signals can be read."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reading


def main() -> None:
    """Carry out the plan on the command line; end as the last worker did."""
    plan = Plan(**json.loads(sys.argv[1]))
    try:
        supervisor = Supervisor(plan)
    except OSError as error:
        where = f"{plan.host} port {plan.port}"
        sys.exit(f"Error: Cannot listen on {where}: {(error.strerror or str(error)).lower()}")
    status = supervisor.run()
    if status in {-signal.SIGTERM, -signal.SIGINT}:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
