"""Newcomers: how a new author is made."""

import secrets
import string
from datetime import UTC, datetime

from persistence.authors import Author, Authors, Kind
from persistence.errors import NameTaken, UnknownAuthor
from server.colours import Palette
from server.names import LONGEST, InvalidName, clean_name, handle, reserved

ID_LETTERS = string.ascii_lowercase + string.digits
ID_LENGTH = 12
NAMESAKES = 1_000
STRANGER = "Somebody"


class Newcomers:
    """Makes authors, each with an id by lot and a colour of its own; synchronous."""

    def __init__(self, authors: Authors, palette: Palette) -> None:
        self._authors = authors
        self._palette = palette

    def make(
        self,
        name: str,
        *,
        colour: str | None = None,
        kind: Kind = "person",
        passphrase_hash: str | None = None,
        subject: str | None = None,
    ) -> Author:
        """Store an author of this clean name; raises `NameTaken`."""
        key = handle(name)
        if kind == "person" and reserved(key):
            raise NameTaken("This name belongs to the server itself; please choose another one.")
        return self._authors.create(
            Author(
                id=_author_id(),
                handle=key,
                name=name,
                colour=colour or self._palette.next(),
                created=datetime.now(UTC),
                kind=kind,
                passphrase_hash=passphrase_hash,
                subject=subject,
            )
        )

    def admit(self, subject: str, name: str) -> Author:
        """Return the author of another provider's person, made when the person is new.

        A name that is taken gets the first free number after it: "Ada 2".
        """
        wanted = _presentable(name)
        for number in range(1, NAMESAKES):
            try:
                return self.make(_numbered(wanted, number), subject=subject)
            except NameTaken:
                if (known := self._known(subject)) is not None:  # another request was first
                    return known
        raise NameTaken(f"There are too many authors by the name of {wanted}.")

    def _known(self, subject: str) -> Author | None:
        try:
            return self._authors.by_subject(subject)
        except UnknownAuthor:
            return None


def _author_id() -> str:
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


def _presentable(name: str) -> str:
    try:
        return clean_name(name[:LONGEST])
    except InvalidName:
        return STRANGER


def _numbered(name: str, number: int) -> str:
    if number == 1:
        return name
    suffix = f" {number}"
    return name[: LONGEST - len(suffix)] + suffix
