"""The checkpoints in SQL."""

from sqlalchemy import delete, select, text

from persistence import models
from persistence.checkpoints import Checkpoint
from persistence.sql.database import Database

CHECKPOINT = models.table(models.Checkpoint)
PUT = text(
    "INSERT INTO checkpoint (article, seq, state, attribution)"
    " VALUES (:article, :seq, :state, :attribution)"
    " ON CONFLICT (article, seq) DO UPDATE"
    " SET state = excluded.state, attribution = excluded.attribution"
)


class SqlCheckpoints:
    """Checkpoints in the table checkpoint."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, article: int, seq: int, state: bytes, attribution: bytes) -> None:
        """Keep the promise of Checkpoints.put."""
        row = {"article": article, "seq": seq, "state": state, "attribution": attribution}
        with self._database.writing() as connection:
            connection.execute(PUT, row)

    def latest(self, article: int, until: int | None = None) -> Checkpoint | None:
        """Keep the promise of Checkpoints.latest."""
        query = select(CHECKPOINT).where(CHECKPOINT.c.article == article)
        if until is not None:
            query = query.where(CHECKPOINT.c.seq <= until)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(CHECKPOINT.c.seq.desc()).limit(1)).first()
        return None if row is None else Checkpoint(*row)

    def delete(self, article: int, after: int = -1, before: int | None = None) -> None:
        """Keep the promise of Checkpoints.delete."""
        columns = CHECKPOINT.c
        which = delete(CHECKPOINT).where(columns.article == article, columns.seq > after)
        if before is not None:
            which = which.where(columns.seq < before)
        with self._database.writing() as connection:
            connection.execute(which)
