"""A server of our own as a child process: started, asked for its address, stopped by its id.

The child is a supervisor, as it is for everybody; its worker is a child of its own.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
PROGRAM = Path(sys.executable).parent / "palimpsest"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
CODE_FOLDER = Path(__file__).parents[2]
REPLACED = b"and is replaced."  # what the supervisor writes into the log when a worker ended


@dataclass
class Server:
    """A running child; what it prints is in `log`."""

    process: subprocess.Popen[bytes]
    url: str
    data_dir: Path
    log: Path
    start_at: int  # where in the log this server's lines begin

    @property
    def alive(self) -> bool:
        """Whether it runs, with the worker that it began with."""
        return self.process.poll() is None and not self.replaced

    @property
    def replaced(self) -> int:
        """How many workers have ended."""
        return self.log.read_bytes()[self.start_at :].count(REPLACED)

    @property
    def workers(self) -> list[int]:
        """The ids of the worker processes: one, or none while it is replaced."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if self._has(path)]

    @property
    def worker(self) -> int:
        """The id of the one process that serves: the supervisor does nothing to be measured."""
        (worker,) = self.workers or [self.process.pid]
        return worker

    def _has(self, process: Path) -> bool:
        try:
            state, parent = (process / "stat").read_text().rpartition(") ")[2].split()[:2]
        except OSError:  # it has ended meanwhile
            return False
        return state != "Z" and int(parent) == self.process.pid

    def kill(self) -> None:
        """Kill it as `kill -9` does, at once."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, as an operator does; a server that does not is a failure."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def start(data_dir: Path, port: int = 0, **settings: object) -> Server:
    """Start a server on a free port over a data folder; settings go by environment."""
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir.parent / f"{data_dir.name}.log"
    with log.open("ab") as out:
        start_at = out.tell()
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(port), "--data-dir", str(data_dir)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | _environment(settings),
            cwd=CODE_FOLDER,
        )
    return Server(process, _address(process, log, start_at), data_dir, log, start_at)


def _environment(settings: dict[str, object]) -> dict[str, str]:
    chosen = {"PYTHONUNBUFFERED": "1", "PALIMPSEST_SAMPLE_ARTICLE": "false"}
    return chosen | {f"PALIMPSEST_{name.upper()}": str(value) for name, value in settings.items()}


def _address(process: subprocess.Popen[bytes], log: Path, start_at: int) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = ADDRESS.search(log.read_bytes()[start_at:].decode(errors="replace"))
        if found:
            return found[0]
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise AssertionError(f"the server did not start: {log.read_text()[-3000:]}")


@contextmanager
def running(data_dir: Path, **settings: object) -> Iterator[Server]:
    """Run a server for the length of a block; it must end when asked."""
    server = start(data_dir, **settings)
    try:
        yield server
    finally:
        server.stop()
