"""persistence/sql/trouble.py: what the errors of a database mean."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import exc

from persistence.errors import LogUnavailable
from persistence.sql.trouble import FAILING, FULL, READ_ONLY, SILENT, told
from persistence.store import open_store
from tests.support import stores
from tests.support.stores import begun, wrote


def trouble(kind: type[exc.DBAPIError]) -> exc.DBAPIError:
    return kind("SELECT", None, sqlite3.Error("it happened"))


@pytest.mark.parametrize("kind", [exc.OperationalError, exc.InterfaceError, exc.InternalError])
def test_trouble_of_the_database_is_told(kind: type[exc.DBAPIError]) -> None:
    with pytest.raises(LogUnavailable, match="it happened"), told():
        raise trouble(kind)


def test_a_pool_without_a_free_connection_is_told() -> None:
    with pytest.raises(LogUnavailable), told():
        raise exc.TimeoutError("no connection")


@pytest.mark.parametrize("kind", [exc.IntegrityError, exc.DataError, exc.ProgrammingError])
def test_our_own_mistakes_stay_what_they_are(kind: type[exc.DBAPIError]) -> None:
    with pytest.raises(kind), told():
        raise trouble(kind)


def coded(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("it happened")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (coded(sqlite3.SQLITE_FULL), FULL),
        (coded(sqlite3.SQLITE_IOERR_FSYNC), FAILING),
        (coded(sqlite3.SQLITE_READONLY_DBMOVED), READ_ONLY),
        (coded(sqlite3.SQLITE_BUSY), "another program keeps the database for itself"),
        (coded(sqlite3.SQLITE_CANTOPEN), SILENT),
        (sqlite3.OperationalError("without a code"), SILENT),
        (psycopg.errors.DiskFull(), FULL),
        (psycopg.errors.IoError(), FAILING),
        (psycopg.errors.ReadOnlySqlTransaction(), READ_ONLY),
        (psycopg.errors.QueryCanceled(), SILENT),
        (psycopg.OperationalError("the connection is closed"), SILENT),
    ],
)
def test_people_are_told_why(error: Exception, why: str) -> None:
    with pytest.raises(LogUnavailable) as trouble, told():
        raise exc.OperationalError("COMMIT", None, error)
    assert trouble.value.why == why


def test_a_pool_without_a_free_connection_does_not_answer() -> None:
    with pytest.raises(LogUnavailable) as trouble, told():
        raise exc.TimeoutError
    assert trouble.value.why == SILENT


def test_a_database_that_may_not_grow_is_full(tmp_path: Path) -> None:
    store = open_store(stores.sqlite(tmp_path).new_url())
    article = begun(store)
    disk = stores.Disk(store)
    disk.full = True
    with pytest.raises(LogUnavailable) as trouble:
        wrote(store, article, bytes(100_000))
    assert trouble.value.why == FULL
    with pytest.raises(LogUnavailable):
        store.log.check()
    disk.full = False
    store.log.check()
    wrote(store, article, bytes(100_000))
    store.close()
