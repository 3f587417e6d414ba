"""The quarantine in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, true, update

from persistence import models
from persistence.errors import UnknownSuspect
from persistence.quarantine import Reason, Suspect
from persistence.sql.database import Database, know, lock_article

QUARANTINE = models.table(models.Quarantine)


class SqlQuarantine:
    """Suspects in the table quarantine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        article: int,
        author: str,
        at: datetime,
        reason: Reason,
        *,
        certain: bool,
        payload: bytes,
    ) -> Suspect:
        """Keep the promise of Quarantine.add."""
        where = _is(article, author, at)
        row = {"article": article, "author": author, "at": at, "reason": reason}
        with self._database.writing() as connection:
            lock_article(connection, article)
            know(connection, {author})
            if connection.execute(select(QUARANTINE.c.id).where(where)).first() is None:
                values = row | {"certain": certain, "payload": payload}
                connection.execute(insert(QUARANTINE), values)
        return self._where(where)[0]

    def get(self, number: int) -> Suspect:
        """Keep the promise of Quarantine.get."""
        found = self._where(QUARANTINE.c.id == number)
        if not found:
            raise UnknownSuspect(f"There is no update {number} in quarantine.")
        return found[0]

    def list(self) -> Sequence[Suspect]:
        """Keep the promise of Quarantine.list."""
        return self._where(true())

    def watched(self) -> Sequence[Suspect]:
        """Keep the promise of Quarantine.watched."""
        return self._where(QUARANTINE.c.released_at.is_(None))

    def release(self, number: int, at: datetime) -> Suspect:
        """Keep the promise of Quarantine.release."""
        this = (QUARANTINE.c.id == number) & QUARANTINE.c.released_at.is_(None)
        with self._database.writing() as connection:
            connection.execute(update(QUARANTINE).where(this).values(released_at=at))
        return self.get(number)

    def _where(self, condition: ColumnElement[bool]) -> Sequence[Suspect]:
        query = select(QUARANTINE).where(condition).order_by(QUARANTINE.c.id)
        with self._database.reading() as connection:
            return [Suspect(**row) for row in connection.execute(query).mappings()]


def _is(article: int, author: str, at: datetime) -> ColumnElement[bool]:
    columns = QUARANTINE.c
    return (columns.article == article) & (columns.author == author) & (columns.at == at)
