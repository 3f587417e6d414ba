"""Trouble: what the errors of a database mean, as LogUnavailable and as words for people."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from persistence.errors import LogUnavailable

FULL = "the disk is full"
FAILING = "the disk reports errors"
READ_ONLY = "the database can only be read"
SILENT = "the database does not answer"

WHY: dict[int | str, str] = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_BUSY: "another program keeps the database for itself",
    "53100": FULL,  # PostgreSQL's SQLSTATEs: disk_full, io_error, read_only_sql_transaction
    "58030": FAILING,
    "25006": READ_ONLY,
}
PRIMARY = 0xFF  # SQLite's codes have their kind in the lowest byte


@contextmanager
def told() -> Iterator[None]:
    """Tell trouble of the database as LogUnavailable; our own mistakes stay what they are."""
    try:
        yield
    except (IntegrityError, DataError, ProgrammingError):
        raise
    except (DBAPIError, PoolTimeout) as error:
        why = _why(getattr(error, "orig", None))
        raise LogUnavailable(f"the database is in trouble: {error}", why) from error


def _why(error: BaseException | None) -> str:
    if isinstance(error, sqlite3.Error):
        return WHY.get(getattr(error, "sqlite_errorcode", 0) & PRIMARY, SILENT)
    return WHY.get(getattr(error, "sqlstate", None) or "", SILENT)
