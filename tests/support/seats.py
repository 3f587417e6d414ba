"""Seats whose workers are a few lines of code each."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace

from server.plan import Plan
from server.seat import Seat

PATIENCE = 60.0
SILENT = "time.sleep(1e6)"
SERVING = "os.write(line, b'L'); time.sleep(1e6)"
PLAN = Plan((), "", 0, 1.0, 1.0, first_pause=1.0)


def seat(code: str, plan: Plan = PLAN) -> Seat:
    """An empty seat for workers that do this."""
    code = f"import json,os,signal,sys,time; line = json.loads(sys.argv[1])['line']; {code}"
    return Seat(1, replace(plan, worker=(sys.executable, "-c", code)), [])


def seated(code: str, plan: Plan = PLAN) -> Seat:
    """A seat in which such a worker listens."""
    made = seat(code, plan)
    made.fill()
    assert made.worker is not None
    while not made.listening:
        assert made.worker.listen()
    return made


def end(made: Seat) -> None:
    """End who sits there."""
    if made.worker is not None:
        made.vacate(made.worker, "stalled")


def until(condition: Callable[[], object]) -> None:
    """Try until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.01)
