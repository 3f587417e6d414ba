"""The derived tables in SQL, as a rebuild finds and leaves them."""

from collections.abc import Mapping

from sqlalchemy import delete

from persistence import models
from persistence.sql.bulk import insert_many
from persistence.sql.database import Database, know, lock_article, take_turn
from persistence.sql.digests import PARTS, REVISION

REPLICA = models.table(models.Replica)
CHECKPOINT = models.table(models.Checkpoint)
DERIVED = (  # in an order in which nothing is left that refers to what is gone
    REPLICA,
    CHECKPOINT,
    *PARTS,
    REVISION,
    models.table(models.Frame),
    models.table(models.ArticleText),
    models.table(models.Contribution),
)


class SqlDerived:
    """What follows from the log and the marks in it: the tables DERIVED."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def wipe(self, article: int) -> None:
        """Keep the promise of Store.wipe_derived."""
        with self._database.writing() as connection:
            take_turn(connection, article)  # before the lock: others insert, and so lock, in theirs
            lock_article(connection, article)
            for table in DERIVED:
                connection.execute(delete(table).where(table.c.article == article))

    def replace_owners(self, article: int, owners: Mapping[int, str]) -> None:
        """Keep the promise of Store.replace_owners."""
        rows = [(article, client, author) for client, author in owners.items()]
        with self._database.writing() as connection:
            lock_article(connection, article)
            know(connection, set(owners.values()))
            connection.execute(delete(REPLICA).where(REPLICA.c.article == article))
            insert_many(connection, REPLICA, rows)
