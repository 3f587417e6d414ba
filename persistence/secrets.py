"""Secrets that all servers of one database share."""

from datetime import datetime
from typing import Protocol


class Secrets(Protocol):
    """The secrets by name; none is ever changed.

    All calls are synchronous, may come from any thread, and raise LogUnavailable on trouble.
    """

    def agree(self, name: str, offered: str, at: datetime) -> str:
        """Give the secret of this name: what was offered first, by whichever process."""
