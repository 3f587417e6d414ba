"""Servers with several workers, each of which can be asked alone."""

import random
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
    api: Api
    workers: list[Api]

    @property
    def log(self) -> str:
        """What this server has written up to now."""
        return self.server.log.read_bytes()[self.server.start_at :].decode()

    def members(self) -> list[int]:
        """How many connections each worker has in articles."""
        return [int(each.metric("palimpsest_members")) for each in self.workers]

    def process_of(self, seat: int) -> int:
        """The id of the process that listens at the port of a seat."""
        (found,) = [each for each in self.server.workers if _listens(each, self.workers[seat].url)]
        return found

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
        api, *workers = (
            Api(url)
            for url in (server.url, *(f"http://127.0.0.1:{first + n}" for n in range(count)))
        )
        for each in (api, *workers):
            stack.callback(each.close)
            assert each.http.get("/healthz").is_success  # it waits until somebody answers
        yield Crew(server, api, workers)


def _listens(process: int, url: str) -> bool:
    """Whether a process has opened the socket that listens there."""
    port = f":{int(url.rsplit(':', 1)[1]):04X} "
    lines = Path("/proc/net/tcp").read_text().splitlines()
    inodes = {line.split()[9] for line in lines if port in line[:30] and line.split()[3] == "0A"}
    links = {str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir()}
    return bool({f"socket:[{inode}]" for inode in inodes} & links)


def _neighbours(count: int) -> int:
    """Find so many free ports in a row, of those that no connection gets by chance."""
    while True:
        first = random.randrange(10_000, 30_000)
        with suppress(OSError), ExitStack() as taken:
            for port in range(first, first + count):
                taken.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
