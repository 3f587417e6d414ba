"""Passphrases: hashed with Argon2 in threads, few at a time, never on the loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from server.refusals import Busy

AT_ONCE = 2  # each takes about 64 MiB and 50 ms of a core
WAITING = 32


class Passphrases:
    """Hashes and checks; whoever comes when `WAITING` others wait is told to come back."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._places = CapacityLimiter(AT_ONCE)

    async def hash(self, passphrase: str) -> str:
        """Return a salted hash to store; raises `Busy`."""
        async with self._place():
            return await to_thread.run_sync(self._hasher.hash, passphrase)

    async def matches(self, passphrase: str, stored: str) -> bool:
        """Tell whether the passphrase is the one that was hashed; raises `Busy`."""
        async with self._place():
            return await to_thread.run_sync(self._verify, passphrase, stored)

    def _verify(self, passphrase: str, stored: str) -> bool:
        try:
            return self._hasher.verify(passphrase, stored)
        except UnknownHashError:  # made by another program: nobody's passphrase
            return False

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._places.statistics().tasks_waiting >= WAITING:
            raise Busy("Too many people are signing in just now; please try again.")
        async with self._places:
            yield
