"""The derived tables in SQL, as a rebuild finds and leaves them."""

from collections.abc import Mapping

from sqlalchemy import delete, update

from persistence import models
from persistence.sql.bulk import insert_many
from persistence.sql.database import Database, know, lock_article

REPLICA = models.table(models.Replica)
CHECKPOINT = models.table(models.Checkpoint)
REVISION = models.table(models.Revision)
SPAN = models.table(models.RevisionSpan)


class SqlDerived:
    """What follows from the log: the tables replica, checkpoint, revision and revision_span."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def wipe(self, article: int) -> None:
        """Keep the promise of Store.wipe_derived."""
        with self._database.writing() as connection:
            lock_article(connection, article)
            texts = update(REVISION).where(REVISION.c.article == article)
            connection.execute(texts.values(text=""))
            for table in (REPLICA, CHECKPOINT, SPAN):
                connection.execute(delete(table).where(table.c.article == article))

    def replace_owners(self, article: int, owners: Mapping[int, str]) -> None:
        """Keep the promise of Store.replace_owners."""
        rows = [(article, client, author) for client, author in owners.items()]
        with self._database.writing() as connection:
            lock_article(connection, article)
            know(connection, set(owners.values()))
            connection.execute(delete(REPLICA).where(REPLICA.c.article == article))
            insert_many(connection, REPLICA, rows)
