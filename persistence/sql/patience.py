"""Patience: PostgreSQL connections that end when the server does not answer.

A server's own timeouts are of no use when it is the server that has stopped, and the kernel goes on
acknowledging for it: whoever waits has to look at the clock.
"""

from collections.abc import Callable
from math import ceil
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

T = TypeVar("T")
Connect = Callable[[Any, Any, Any, Any], psycopg.Connection]

GRACE = 1.0  # seconds; the server, which ends a command without ending the connection, goes first
LEAST_CONNECT = 2  # seconds; libpq takes no less
MOST_CONNECT = 10  # seconds; who waits longer waits for no server


class Patient(psycopg.Connection):
    """A connection whose every command is answered in `patience` seconds, or it is closed."""

    patience: float | None = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait for a command; OperationalError when its time is over."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # the answer may still come, and it is not the next one's
            raise


def options(patience: float) -> dict[str, Any]:
    """Give the options of a connection that commits durably and in time."""
    milliseconds = ceil(patience * 1000)
    return {
        "connect_timeout": min(max(LEAST_CONNECT, ceil(patience)), MOST_CONNECT),
        "options": f"-c synchronous_commit=on -c statement_timeout={milliseconds}",
    }


def connector(patience: float) -> Connect:
    """Make the function by which SQLAlchemy connects."""

    def connect(_dialect: Any, _record: Any, arguments: Any, chosen: Any) -> psycopg.Connection:
        connection = Patient.connect(*arguments, **chosen)
        connection.patience = patience + GRACE
        return connection

    return connect
