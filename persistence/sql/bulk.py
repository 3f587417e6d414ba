"""Many rows at once, by the fastest way that a database has."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import DBAPIError

ROWS = Sequence[tuple[Any, ...]]  # each in the order of the table's columns


def insert_many(connection: Connection, table: Table, rows: ROWS) -> None:
    """Insert rows in this transaction; errors are SQLAlchemy's on every database."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        names = [column.name for column in table.c]
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def _copy(connection: Connection, table: Table, rows: ROWS) -> None:
    """Use COPY: four times as many rows a second as INSERT row by row."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - by persistence.schema
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.c)
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    try:
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError.instance(str(command), None, error, psycopg.Error) from error
