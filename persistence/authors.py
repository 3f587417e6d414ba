"""Authors: what every keeper of them promises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Kind = Literal["person", "bot"]


@dataclass(frozen=True, slots=True)
class Author:
    """A person or a named bot.

    `handle` is the skeleton of the name, so that names which look alike are one; `name` is shown.
    `colour` is "#rrggbb". `subject` is who this is to another identity provider.
    """

    id: str
    handle: str
    name: str
    colour: str
    created: datetime
    kind: Kind = "person"
    orcid: str | None = None
    passphrase_hash: str | None = None
    subject: str | None = None


class Authors(Protocol):
    """The authors by id.

    All calls are synchronous, may come from any thread, and raise LogUnavailable on trouble.
    """

    def create(self, author: Author) -> Author:
        """Store a new author. NameTaken: its id, handle, ORCID iD or subject is another's."""

    def get(self, author: str) -> Author:
        """Give the author of this id. UnknownAuthor."""

    def by_handle(self, handle: str) -> Author:
        """Give the author of this handle. UnknownAuthor."""

    def by_subject(self, subject: str) -> Author:
        """Give the author whom another identity provider names so. UnknownAuthor."""

    def many(self, authors: Iterable[str]) -> dict[str, Author]:
        """Give the authors of these ids, by id; unknown ones are left out."""

    def set_colour(self, author: str, colour: str) -> Author:
        """Give the author another colour. UnknownAuthor."""

    def set_passphrase(self, author: str, passphrase_hash: str) -> Author:
        """Give the author another passphrase, as its hash. UnknownAuthor."""
