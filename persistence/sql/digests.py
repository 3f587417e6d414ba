"""The digest of a revision in SQL: a row of revision, its spans, its counts."""

from sqlalchemy import Connection, delete, insert, literal, select

from persistence import models
from persistence.revisions import Digest
from persistence.sql.bulk import insert_many
from persistence.sql.database import know
from persistence.storable import storable

MARK = models.table(models.RevisionMark)
REVISION = models.table(models.Revision)
SPAN = models.table(models.RevisionSpan)
COUNT = models.table(models.RevisionAuthor)


def put_digest(connection: Connection, article: int, number: int, digest: Digest) -> None:
    """Store the digest of a mark in place of what was there. UnknownAuthor."""
    spans = [(article, number, *span) for span in digest.spans]
    counts = [(article, number, *count) for count in digest.counts]
    know(connection, {span[-1] for span in spans} | {count[2] for count in counts})
    for table in (SPAN, COUNT, REVISION):
        here = (table.c.article == article) & (table.c.number == number)
        connection.execute(delete(table).where(here))
    _put_heading(connection, article, number, digest)
    insert_many(connection, SPAN, spans)
    insert_many(connection, COUNT, counts)


def _put_heading(connection: Connection, article: int, number: int, digest: Digest) -> None:
    """Copy the mark, and set beside it what was computed."""
    computed = {
        "doubt": digest.doubt,
        "text": storable(digest.text),
        "state_vector": digest.state_vector,
    }
    values = [literal(value, REVISION.c[name].type) for name, value in computed.items()]
    here = (MARK.c.article == article) & (MARK.c.number == number)
    copied = select(*MARK.c, *values).where(here)
    connection.execute(insert(REVISION).from_select([*MARK.c.keys(), *computed], copied))
