"""Disks that are full or failing, real ones and made up, under a database."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from persistence.store import SqlStore, Store

SHIM = Path(__file__).with_name("failing_disk.c")
CHUNK = 64 * 1024


class BadCommits:
    """An SQLite database whose commits report an error while there is a `fault`.

    "before": nothing was stored; "after": all of it was, as on a disk that fails a moment later.
    """

    def __init__(self, store: Store) -> None:
        assert isinstance(store, SqlStore)
        self.fault: str | None = None
        event.listen(store._engine, "do_connect", self._connect)

    def _connect(self, _dialect: Any, _record: Any, arguments: Any, options: Any) -> Any:
        faults = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if sql == "COMMIT":
                    faults._commit(self.connection)
                    return self
                return super().execute(sql, *values)

        class Connection(sqlite3.Connection):
            def commit(self) -> None:
                faults._commit(self)

            def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]
                return super().cursor(Cursor)

        return sqlite3.connect(*arguments, **options, factory=Connection)

    def _commit(self, connection: sqlite3.Connection) -> None:
        if self.fault != "before":
            sqlite3.Connection.commit(connection)
        if self.fault is not None:
            raise io_error()


def io_error() -> sqlite3.OperationalError:
    """Make the error that SQLite reports when a disk does."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    return error


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """Mount a file system of so many bytes, in memory, on a folder. PermissionError."""
    folder.mkdir(parents=True)
    program = shutil.which("mount") or "false"
    mount = [program, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        raise PermissionError("only those who may mount can have a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(ballast: Path) -> None:
    """Write until the disk is full."""
    file = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    size = CHUNK
    while size:
        try:
            os.write(file, bytes(size))
        except OSError:
            size //= 2
    os.close(file)


def compiled_shim(folder: Path) -> Path | None:
    """Compile the library that lets a process see its disk fail; None without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = folder / "failing_disk.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", library, SHIM, "-ldl"]
    subprocess.run(command, check=True)
    return library
