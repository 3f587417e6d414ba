"""The authors in SQL."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence import models
from persistence.authors import Author
from persistence.errors import NameTaken, UnknownAuthor
from persistence.sql.database import Database

AUTHOR = models.table(models.Author)


class SqlAuthors:
    """Authors in the table author."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, author: Author) -> Author:
        """Keep the promise of Authors.create."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert(AUTHOR), asdict(author))
        except IntegrityError as error:
            if not self._is_taken(author):
                raise
            raise NameTaken(f"Another author is {author.name} already.") from error
        return self.get(author.id)

    def get(self, author: str) -> Author:
        """Keep the promise of Authors.get."""
        return self._one(AUTHOR.c.id == author, author)

    def by_handle(self, handle: str) -> Author:
        """Keep the promise of Authors.by_handle."""
        return self._one(AUTHOR.c.handle == handle, handle)

    def by_subject(self, subject: str) -> Author:
        """Keep the promise of Authors.by_subject."""
        return self._one(AUTHOR.c.subject == subject, subject)

    def many(self, authors: Iterable[str]) -> dict[str, Author]:
        """Keep the promise of Authors.many."""
        found = self._where(AUTHOR.c.id.in_(set(authors)))
        return {author.id: author for author in found}

    def set_colour(self, author: str, colour: str) -> Author:
        """Keep the promise of Authors.set_colour."""
        return self._change(author, colour=colour)

    def set_passphrase(self, author: str, passphrase_hash: str) -> Author:
        """Keep the promise of Authors.set_passphrase."""
        return self._change(author, passphrase_hash=passphrase_hash)

    def _change(self, author: str, **values: str) -> Author:
        with self._database.writing() as connection:
            connection.execute(update(AUTHOR).where(AUTHOR.c.id == author).values(values))
        return self.get(author)

    def _is_taken(self, author: Author) -> bool:
        """Whether a stored author has what only one author may have."""
        unique = ("id", "handle", "orcid", "subject")
        return any(
            self._where(AUTHOR.c[name] == value)
            for name in unique
            if (value := getattr(author, name)) is not None
        )

    def _one(self, condition: ColumnElement[bool], named: str) -> Author:
        found = self._where(condition)
        if not found:
            raise UnknownAuthor(f"There is no author {named}.")
        return found[0]

    def _where(self, condition: ColumnElement[bool]) -> list[Author]:
        with self._database.reading() as connection:
            rows = connection.execute(select(AUTHOR).where(condition)).mappings()
            return [Author(**row) for row in rows]
