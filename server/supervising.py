"""Supervising: how this process becomes the supervisor that the settings ask for."""

import os
import sys
from typing import NoReturn

from server.logs import open_log
from server.options import environment_of
from server.plan import Plan
from server.settings import Settings

STOP_MARGIN = 3.0  # seconds for the last commit, beside what the settings give to members
SLOW = (
    "The workers hear from each other through the database, every two seconds;"
    " with PALIMPSEST_REDIS_URL they do so at once."
)


def plan_of(settings: Settings) -> Plan:
    """Write down what to supervise; the worker reads its settings from the environment."""
    return Plan(
        worker=(sys.executable, "-P", "-m", "server.worker"),
        host=settings.host,
        port=settings.port,
        stall_seconds=settings.stall_seconds,
        stop_seconds=settings.shutdown_seconds + settings.farewell_seconds + STOP_MARGIN,
        json_log=settings.log_format == "json",
        workers=settings.workers,
        worker_port=settings.worker_port,
    )


def supervise(settings: Settings) -> NoReturn:
    """Become a supervisor: the process stays, its program and memory are given up."""
    if settings.workers > 1 and settings.redis_url is None:
        open_log(settings).warning(SLOW)
    sys.stdout.flush()
    sys.stderr.flush()
    command = plan_of(settings).command()
    os.execve(command[0], command, os.environ | environment_of(settings))  # noqa: S606 - our own program
