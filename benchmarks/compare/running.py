"""A server as a child on one core: started, found, measured, ended."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compare.usage import cpu_seconds, family, resident_bytes

ADDRESS = re.compile(rb"http://127\.0\.0\.1:(\d+)")
START_SECONDS = 60.0
STOP_SECONDS = 30.0


@dataclass(frozen=True)
class Command:
    """How a server is started; it prints its address when it can be reached."""

    arguments: Sequence[str | Path]
    environment: Mapping[str, str]


class Running:
    """A server's process, with all that it starts itself."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log
        self.port = self._announced_port()

    def cpu(self) -> float:
        """CPU seconds up to now; RuntimeError where it has ended."""
        return cpu_seconds(self._living())

    def memory(self) -> int:
        """Resident bytes now; RuntimeError where it has ended."""
        return resident_bytes(self._living())

    def kill(self) -> None:
        """End every process of it at once, as a crash of the machine would."""
        for each in list(family(self._process.pid)):
            with suppress(ProcessLookupError):  # a worker ends with its supervisor
                os.kill(each, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end; kill it when it does not."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _living(self) -> int:
        if self._process.poll() is not None:
            raise RuntimeError("The server has ended by itself.")
        return self._process.pid

    def _announced_port(self) -> int:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if found := ADDRESS.search(self._log.read_bytes()):
                return int(found[1])
            time.sleep(0.02)
        self._process.kill()
        self._process.wait()
        raise RuntimeError(f"The server did not start: {self._log.read_text()[-2000:]}")


def start(command: Command, log: Path, core: int) -> Running:
    """Start a server on one core; RuntimeError when it cannot be reached after a minute."""
    with log.open("wb") as out, pinned(core):
        process = subprocess.Popen(
            command.arguments,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | dict(command.environment),
        )
    return Running(process, log)


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Be on one core for a block, with all that is started in it."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
