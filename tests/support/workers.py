"""Servers with several workers, each of which can be asked alone."""

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import anyio

from tests.support import serving
from tests.support.rest import Api

PATIENCE = 60.0


@dataclass
class Crew:
    """A server and the HTTP interfaces of its workers, in the order of their seats."""

    server: serving.Server
    workers: list[Api]

    @property
    def log(self) -> str:
        """What this server has written up to now."""
        return self.server.log.read_bytes()[self.server.start_at :].decode()

    def members(self) -> list[int]:
        """How many connections each worker has in articles."""
        return [int(each.metric("palimpsest_members")) for each in self.workers]

    def roll(self) -> None:
        """Ask for a rolling restart."""
        self.server.process.send_signal(signal.SIGHUP)

    async def until_said(self, words: str, times: int = 1) -> None:
        with anyio.fail_after(PATIENCE):
            while self.log.count(words) < times:  # noqa: ASYNC110 - of another process
                await anyio.sleep(0.02)


@contextmanager
def crew(data_dir: Path, count: int, **settings: object) -> Iterator[Crew]:
    """Run a server with so many workers for the length of a block; all of them can be reached."""
    first = _neighbours(count)
    chosen = {"workers": count, "worker_port": first} | settings
    with serving.running(data_dir, **chosen) as server, ExitStack() as stack:
        apis = [Api(f"http://127.0.0.1:{first + seat}") for seat in range(count)]
        for each in apis:
            stack.callback(each.close)
            assert each.http.get("/healthz").is_success  # it waits until somebody answers
        yield Crew(server, apis)


def _neighbours(count: int) -> int:
    """Find so many free ports in a row."""
    with ExitStack() as taken:
        while True:
            one = taken.enter_context(socket.create_server(("127.0.0.1", 0)))
            port = int(one.getsockname()[1])
            with suppress(OSError), ExitStack() as others:
                for more in range(1, count):
                    others.enter_context(socket.create_server(("127.0.0.1", port + more)))
                return port
