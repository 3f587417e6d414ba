"""A check: so many bytes written durably, as a trial of the disk, of which nothing is left."""

from sqlalchemy import Connection, text

from persistence.log import CHECKED_BYTES

# One transaction, so that no crash leaves the row. The row is of no article, and may be so until
# the end of the transaction. The pages that held it are written ahead although they are free again.
SQLITE = (
    text("PRAGMA defer_foreign_keys = ON"),
    text(
        "INSERT INTO checkpoint (article, seq, state, attribution)"
        " VALUES (0, 0, zeroblob(:size), x'')"
    ).bindparams(size=CHECKED_BYTES),
    text("DELETE FROM checkpoint WHERE article = 0"),
)
# A message in the write-ahead log, which nobody reads.
POSTGRESQL = (
    text("SELECT pg_logical_emit_message(true, 'palimpsest', repeat('.', :size))").bindparams(
        size=CHECKED_BYTES
    ),
)
CHECKS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def write_and_take_away(connection: Connection) -> None:
    """Do so in this transaction; its commit tells whether the disk took them."""
    for statement in CHECKS[connection.dialect.name]:
        connection.execute(statement)
