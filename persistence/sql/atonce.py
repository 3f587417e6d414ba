"""At once: one article's rows on PostgreSQL, in one exchange, straight through the driver.

Nearly every commit is this statement. It is prepared when a connection does not know it: at first,
and after a rollback, when psycopg has the server forget all that was prepared. Its values are bytes
as the server wants them: to find that out anew for every execution takes a driver as long as the
server needs for all of it.
"""

from collections.abc import Sequence
from datetime import datetime
from struct import Struct

import psycopg
from psycopg import generators, pq
from psycopg.abc import PQGen
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq.abc import PGresult

from persistence.log import Append

NAME = b"palimpsest_append"
STATEMENT = (
    b"WITH moved AS (UPDATE article SET head = head + $1 WHERE id = $2 AND head = $3 RETURNING id)"
    b" INSERT INTO update_log (article, seq, author, at, payload, carried)"
    b" SELECT id, $3 + number, author, $4, payload, carried FROM moved, unnest($5, $6, $7)"
    b" WITH ORDINALITY AS given (author, payload, carried, number)"
)
INT4, INT8, TEXT, BYTEA, TIMESTAMPTZ = 23, 20, 25, 17, 1184  # PostgreSQL's own numbers of types,
TEXTS, BYTEAS = 1009, 1001  # and of arrays of them
TYPES = (INT4, INT4, INT8, TIMESTAMPTZ, TEXTS, BYTEAS, BYTEAS)
FORMATS = [*4 * [pq.Format.TEXT], *3 * [pq.Format.BINARY]]

ARRAY = Struct(">iiIii")  # dimensions, whether there are nulls, type, length, number of the first
LENGTH = Struct(">i")  # of an element, in bytes
NULL = LENGTH.pack(-1)


def append(connection: psycopg.Connection, append: Append, head: int, at: datetime) -> bool:
    """Append durably if the article's head is `head`, and tell; psycopg.Error.

    The connection commits by itself.
    """
    rows = append.rows
    values = [
        b"%d" % len(rows),
        b"%d" % append.article,
        b"%d" % head,
        at.isoformat().encode(),
        _array(TEXT, [row.author.encode() for row in rows]),
        _array(BYTEA, [row.payload for row in rows]),
        _array(BYTEA, [row.carried for row in rows]),
    ]
    try:
        stored = _execute(connection, values)
    except InvalidSqlStatementName:
        connection.pgconn.send_prepare(NAME, STATEMENT, TYPES)
        _answer(connection)
        stored = _execute(connection, values)
    return stored == len(rows)


def _execute(connection: psycopg.Connection, values: Sequence[bytes]) -> int | None:
    """Execute the statement; how many rows it has stored."""
    connection.pgconn.send_query_prepared(NAME, values, FORMATS)
    return _answer(connection).command_tuples


def _array(kind: int, elements: Sequence[bytes | None]) -> bytes:
    parts = [ARRAY.pack(1, 1, kind, len(elements), 1)]
    for element in elements:
        parts += (NULL,) if element is None else (LENGTH.pack(len(element)), element)
    return b"".join(parts)


def _answer(connection: psycopg.Connection) -> PGresult:
    """Wait for the answer as long as the connection's patience lasts."""
    execution: PQGen[list[PGresult]] = generators.execute(connection.pgconn)
    (result,) = connection.wait(execution)
    if result.status != pq.ExecStatus.COMMAND_OK:
        raise error_from_result(result)
    return result
