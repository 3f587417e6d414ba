"""A fingerprint of a text and its authors: equal for equal ones, however they were come by."""

from collections.abc import Iterable
from hashlib import sha256


class Fingerprint:
    """Takes in who wrote the text piece by piece; neighbours of one author are one."""

    def __init__(self) -> None:
        self._hash = sha256()
        self._author: str | None = None
        self._length = 0

    def add(self, length: int, author: str) -> None:
        """Take in the next piece: so many code points by this author."""
        if author != self._author:
            self._close()
            self._author = author
        self._length += length

    def of(self, text: str) -> bytes:
        """Give the fingerprint of all that was taken in, and of the text."""
        self._close()
        return self._hash.digest() + sha256(text.encode()).digest()

    def _close(self) -> None:
        if self._length:
            self._hash.update(f"{self._length} {self._author}\n".encode())
        self._length = 0


def fingerprint(text: str, spans: Iterable[tuple[int, int, str]]) -> bytes:
    """Give the fingerprint of a text and its spans (start, length, author)."""
    taken = Fingerprint()
    for _, length, author in spans:
        taken.add(length, author)
    return taken.of(text)
