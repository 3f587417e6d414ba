"""The plan: what the supervisor is to run, as an argument of its command line."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run and where; `worker` is a command that gets one more argument.

    `starts` is how many workers in a row may end before they listen. `worker_port`: the first of
    the ports at which each worker is reached alone; None: there are none.
    """

    worker: tuple[str, ...]
    host: str
    port: int
    stall_seconds: float
    stop_seconds: float
    json_log: bool = False
    starts: int = 8
    first_pause: float = 0.25  # seconds; doubled each time
    workers: int = 1
    worker_port: int | None = None
    start_seconds: float = 60.0  # for a new worker to listen, while there still is an old one

    def command(self) -> list[str]:
        """Write the command that carries it out."""
        return [sys.executable, "-P", "-m", "server.supervisor", json.dumps(asdict(self))]
