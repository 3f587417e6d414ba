"""The digest of a revision in SQL: a row of revision, and those of its parts."""

from sqlalchemy import Connection, delete, insert, literal, select

from persistence import models
from persistence.revisions import Digest
from persistence.sections import sections
from persistence.sql.bulk import insert_many
from persistence.sql.database import know
from persistence.storable import storable

MARK = models.table(models.RevisionMark)
REVISION = models.table(models.Revision)
PARTS = [  # with a row each for what a digest has several of
    models.table(model)
    for model in (
        models.RevisionSpan,
        models.RevisionAuthor,
        models.RevisionLoss,
        models.RevisionSection,
    )
]


def put_digest(connection: Connection, article: int, number: int, digest: Digest) -> None:
    """Store the digest of a mark in place of what was there. UnknownAuthor."""
    know(connection, _authors(digest))
    for table in (*PARTS, REVISION):
        here = (table.c.article == article) & (table.c.number == number)
        connection.execute(delete(table).where(here))
    _put_heading(connection, article, number, digest)
    told = (digest.spans, digest.counts, digest.losses, sections(storable(digest.text)))
    for table, rows in zip(PARTS, told, strict=True):
        insert_many(connection, table, [(article, number, *row) for row in rows])


def _authors(digest: Digest) -> set[str]:
    told = {author for *_, author in digest.spans} | {author for author, *_ in digest.counts}
    return told.union(*((author, by) for author, by, _ in digest.losses))


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
