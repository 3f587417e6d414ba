"""The authors in memory."""

from collections.abc import Iterable
from dataclasses import replace

from persistence.authors import Author
from persistence.errors import NameTaken, UnknownAuthor
from persistence.instant import utc
from persistence.memory.shelf import Shelf


class MemoryAuthors:
    """Authors in a dictionary."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def create(self, author: Author) -> Author:
        """Keep the promise of Authors.create."""
        author = replace(author, created=utc(author.created))
        with self._shelf.lock:
            if any(_collide(author, other) for other in self._shelf.authors.values()):
                raise NameTaken(f"Another author is {author.name} already.")
            self._shelf.authors[author.id] = author
        return author

    def get(self, author: str) -> Author:
        """Keep the promise of Authors.get."""
        return self._one("id", author)

    def by_handle(self, handle: str) -> Author:
        """Keep the promise of Authors.by_handle."""
        return self._one("handle", handle)

    def by_subject(self, subject: str) -> Author:
        """Keep the promise of Authors.by_subject."""
        return self._one("subject", subject)

    def many(self, authors: Iterable[str]) -> dict[str, Author]:
        """Keep the promise of Authors.many."""
        with self._shelf.lock:
            known = self._shelf.authors
            return {author: known[author] for author in authors if author in known}

    def set_colour(self, author: str, colour: str) -> Author:
        """Keep the promise of Authors.set_colour."""
        with self._shelf.lock:
            self._shelf.authors[author] = replace(self.get(author), colour=colour)
            return self._shelf.authors[author]

    def set_passphrase(self, author: str, passphrase_hash: str) -> Author:
        """Keep the promise of Authors.set_passphrase."""
        with self._shelf.lock:
            changed = replace(self.get(author), passphrase_hash=passphrase_hash)
            self._shelf.authors[author] = changed
        return changed

    def _one(self, attribute: str, value: str) -> Author:
        with self._shelf.lock:
            for author in self._shelf.authors.values():
                if getattr(author, attribute) == value:
                    return author
        raise UnknownAuthor(f"There is no author {value}.")


def _collide(one: Author, other: Author) -> bool:
    """Whether two authors share what only one may have."""
    unique = ("id", "handle", "orcid", "subject")
    return any(getattr(one, name) == getattr(other, name) is not None for name in unique)
