"""A worker: `python -m server.worker LENT` serves with what its supervisor lends it."""

import asyncio
import json
import os
import socket
import sys
import threading
from contextlib import suppress

import click

from server.options import from_environment
from server.serving import serve
from server.slate import Slate
from server.supervised import LISTENING

MOST_BEATS = 1.0  # seconds between two
BEATS = 5  # in the time after which silence is a stall


class Line:
    """The line to the supervisor: how a worker says that its event loop turns."""

    def __init__(self, file: int, stall_seconds: float) -> None:
        self._socket = socket.socket(fileno=os.dup(file))  # `file` stays open until the very end
        self._pause = min(MOST_BEATS, stall_seconds / BEATS)

    def listening(self) -> None:
        """Say that the worker can be reached, and from now on that the event loop turns."""
        self._say(LISTENING)

    def _say(self, what: bytes) -> None:
        with suppress(OSError):  # enough is waiting to be heard, or nobody hears
            self._socket.send(what, socket.MSG_DONTWAIT)
        asyncio.get_running_loop().call_later(self._pause, self._say, b".")

    def end_with_it(self) -> None:
        """End this process when the supervisor is gone: what was shown to anybody is stored."""
        threading.Thread(target=self._end_with_it, name="line", daemon=True).start()

    def _end_with_it(self) -> None:
        self._socket.recv(1)
        os._exit(1)


def main() -> None:
    """Serve until a signal asks to stop."""
    lent, settings = json.loads(sys.argv[1]), from_environment()
    line = Line(lent["line"], settings.stall_seconds)
    line.end_with_it()

    def announce(url: str) -> None:
        click.echo(f"Palimpsest is listening on {url}")
        line.listening()

    sockets = [socket.socket(fileno=each) for each in lent["sockets"]]
    try:
        serve(settings, announce, Slate(lent["slate"]), sockets, waits=lent["waits"])
    except KeyboardInterrupt:
        sys.exit(1)


if __name__ == "__main__":
    main()
