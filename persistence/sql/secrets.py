"""Secrets in SQL."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from persistence import models
from persistence.sql.database import Database

SECRET = models.table(models.Secret)


class SqlSecrets:
    """Secrets in the table secret."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def agree(self, name: str, offered: str, at: datetime) -> str:
        """Keep the promise of Secrets.agree."""
        return self._known(name) or self._offer(name, offered, at)

    def _known(self, name: str) -> str | None:
        with self._database.reading() as connection:
            return connection.scalar(select(SECRET.c.value).where(SECRET.c.name == name))

    def _offer(self, name: str, offered: str, at: datetime) -> str:
        row = {"name": name, "value": offered, "created": at}
        with suppress(IntegrityError), self._database.writing() as connection:
            connection.execute(insert(SECRET), row)
        return self._known(name) or offered  # another process may have been first
