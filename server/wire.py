"""A wire: what carries the messages of one connection, whatever it is made of.

The rest of the server knows only this: a real socket, or a list in a test, does the same.
"""

from collections.abc import Callable
from typing import Literal, Protocol

Spend = Callable[[int], float]
"""Counts a frame of so many bytes; gives the seconds for which nothing more is to be read."""

Loss = Literal["closed", "stalled", "silent", "too-large", "wrong"]


class Wire(Protocol):
    """Sends prebuilt frames and says when it takes no more; never waits."""

    ready: bool
    """Whether it takes frames at once; when not, `Listener.writable` tells that it does again."""

    def send(self, frames: bytes) -> None:
        """Send one or more whole websocket frames (see server.frames), in order."""

    def hold(self) -> None:
        """Read nothing more until as many `release` calls have come."""

    def release(self) -> None:
        """Take back one `hold`; what had arrived meanwhile is received soon."""

    def close(self, code: int, reason: str) -> None:
        """Say farewell; nothing is sent after it or received. The first farewell counts."""


class Listener(Protocol):
    """Whom a wire tells what happens, one call after another."""

    def received(self, message: bytes | None) -> None:
        """Take a message; None stands for one of text."""

    def slowed(self) -> None:
        """Hear that it sent too much, and is not read from for a while."""

    def writable(self) -> None:
        """Hear that the wire is ready again."""

    def lost(self, loss: Loss) -> None:
        """Hear that the connection has ended, and how; nothing comes after this."""
