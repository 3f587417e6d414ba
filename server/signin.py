"""Open sign-in: a name of one's own, kept with a passphrase."""

from collections.abc import Callable

from anyio import to_thread

from persistence.authors import Author, Authors
from persistence.errors import NameTaken, UnknownAuthor
from server.names import handle
from server.newcomers import Newcomers
from server.passphrases import Passphrases
from server.refusals import SignInClosed, WrongPassphrase


class SignIn:
    """Lets people in by name: a new name makes an author, a known one needs its passphrase."""

    def __init__(
        self, authors: Authors, newcomers: Newcomers, passphrases: Passphrases, *, is_open: bool
    ) -> None:
        self._authors = authors
        self._newcomers = newcomers
        self._passphrases = passphrases
        self._open = is_open

    async def by_name(
        self, name: str, passphrase: str | None, colour: str | None
    ) -> tuple[Author, bool]:
        """Return the author of a clean name, and whether the author is new.

        Raises `SignInClosed`, `NameTaken`, `WrongPassphrase` and `Busy`.
        """
        if not self._open:
            raise SignInClosed("This server does not sign people in by name.")
        known = await to_thread.run_sync(self._find, name)
        if known is None:
            return await self._newcomer(name, passphrase, colour), True
        await self._check(known, passphrase)
        return await self._recolour(known, colour), False

    async def change(
        self, author: Author, passphrase: str | None, current: str | None, colour: str | None
    ) -> Author:
        """Set an author's passphrase or colour; a passphrase is replaced by who knows it.

        Raises `WrongPassphrase` and `Busy`.
        """
        if passphrase is not None:
            author = await self._set_passphrase(author, passphrase, current)
        return await self._recolour(author, colour)

    def _find(self, name: str) -> Author | None:
        try:
            return self._authors.by_handle(handle(name))
        except UnknownAuthor:
            return None

    async def _newcomer(self, name: str, passphrase: str | None, colour: str | None) -> Author:
        hashed = None if passphrase is None else await self._passphrases.hash(passphrase)
        return await _in_thread(
            lambda: self._newcomers.make(name, colour=colour, passphrase_hash=hashed)
        )

    async def _check(self, author: Author, passphrase: str | None) -> None:
        if author.passphrase_hash is None:
            raise NameTaken(
                f"{author.name} is somebody already, and set no passphrase to come back with;"
                " please choose another name."
            )
        if passphrase is None:
            raise NameTaken(
                f"{author.name} is somebody already. If that is you, give your passphrase;"
                " else please choose another name."
            )
        if not await self._passphrases.matches(passphrase, author.passphrase_hash):
            raise WrongPassphrase(f"This is not the passphrase of {author.name}.")

    async def _set_passphrase(self, author: Author, passphrase: str, current: str | None) -> Author:
        stored = author.passphrase_hash
        if stored is not None and not await self._passphrases.matches(current or "", stored):
            raise WrongPassphrase("Your current passphrase is needed to set another one.")
        hashed = await self._passphrases.hash(passphrase)
        return await _in_thread(lambda: self._authors.set_passphrase(author.id, hashed))

    async def _recolour(self, author: Author, colour: str | None) -> Author:
        if colour is None or colour == author.colour:
            return author
        return await _in_thread(lambda: self._authors.set_colour(author.id, colour))


async def _in_thread(call: Callable[[], Author]) -> Author:
    return await to_thread.run_sync(call)
