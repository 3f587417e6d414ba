"""The dialects of servers of Yjs: y-websocket's, ours with a token, Hocuspocus' around it."""

from typing import Protocol
from urllib.parse import quote

from crdt.encoding import read_string, read_varuint, skip, write_bytes, write_string

SYNC = 0
STEP_1, STEP_2, UPDATE = 0, 1, 2
NOTHING = b"\x00\x00"  # as an update: no structs, no deletions
EVERYTHING = b"\x00"  # as a state vector: nothing is known


class Dialect(Protocol):
    """How an article is named and a message wrapped."""

    def path(self, article: str, token: str) -> str:
        """The path that a client connects to."""

    def hello(self, article: str, token: str) -> tuple[bytes, ...]:
        """What a client without content says first."""

    def wrap(self, article: str, message: bytes) -> bytes:
        """Wrap a message of y-websocket."""

    def unwrap(self, message: bytes) -> bytes:
        """Unwrap one."""


def sync(step: int, body: bytes) -> bytes:
    """A message of the sync protocol."""
    out = bytearray((SYNC, step))
    write_bytes(out, body)
    return bytes(out)


def read_sync(message: bytes) -> tuple[int, bytes] | None:
    """Tell the step and the body of a sync message; None for any other message."""
    if message[0] != SYNC:
        return None
    length, pos = read_varuint(message, 2)
    return message[1], message[pos : skip(message, pos, length)]


class YWebsocket:
    """The article is the path."""

    def path(self, article: str, token: str) -> str:
        """The article itself."""
        del token
        return f"/{article}"

    def hello(self, article: str, token: str) -> tuple[bytes, ...]:
        """Ask for everything; have nothing."""
        del article, token
        return sync(STEP_1, EVERYTHING), sync(STEP_2, NOTHING)

    def wrap(self, article: str, message: bytes) -> bytes:
        """Messages go as they are."""
        del article
        return message

    def unwrap(self, message: bytes) -> bytes:
        """Messages come as they are."""
        return message


class Palimpsest(YWebsocket):
    """y-websocket's, with a token in the address."""

    def path(self, article: str, token: str) -> str:
        """Where articles are edited, and by whom."""
        return f"/sync/{article}?token={quote(token)}"


class Hocuspocus:
    """Every message begins with the article's name; the first one is the token."""

    def path(self, article: str, token: str) -> str:
        """One address for all articles."""
        del article, token
        return "/"

    def hello(self, article: str, token: str) -> tuple[bytes, ...]:
        """Give the token, ask for everything; have nothing."""
        auth = bytearray((2, 0))
        write_string(auth, token)
        write_string(auth, "4.8.0")
        first = self.wrap(article, bytes(auth))
        return first, *(
            self.wrap(article, each) for each in (sync(STEP_1, EVERYTHING), sync(STEP_2, NOTHING))
        )

    def wrap(self, article: str, message: bytes) -> bytes:
        """Put the name in front."""
        out = bytearray()
        write_string(out, article)
        return bytes(out) + message

    def unwrap(self, message: bytes) -> bytes:
        """Take the name away."""
        _, pos = read_string(message, 0)
        return message[pos:]
