"""Several serving processes over one PostgreSQL and one Redis, as real as they come.

Each process reaches both through relays of its own, so that any one of them can be cut off.
"""

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from persistence import schema
from tests.support import serving
from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.rest import Api
from tests.support.switching import Relay, relaying

SOCKET_NAME = ".s.PGSQL.5432"
UNLIMITED = {
    f"{whose}_{rate}": 0
    for whose in ("address", "author")
    for rate in (
        "messages_per_second",
        "bytes_per_second",
        "clients_per_minute",
        "connections_per_minute",
    )
}


@dataclass
class Process:
    """One serving process, which keeps its port when it is started again."""

    folder: Path
    relays: dict[str, Relay]  # to the "database", if that is a server, and to "news", the Redis
    settings: dict[str, Any]
    server: serving.Server | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def id(self) -> int:
        assert self.server is not None
        return self.server.process.pid

    @property
    def log(self) -> str:
        return self.folder.with_suffix(".log").read_text(errors="replace")

    def start(self) -> None:
        """Start it, and wait until it says that it listens."""
        self.server = serving.start(self.folder, self.port, **self.settings)
        self.port = int(self.server.url.rsplit(":", 1)[1])

    def kill(self) -> None:
        """End it as `kill -9` does; once more does no harm."""
        server, self.server = self.server, None
        if server is not None:
            server.kill()

    def stop(self) -> None:
        """Ask it to end, and wait until it has; once more does no harm."""
        server, self.server = self.server, None
        if server is not None:
            server.stop()

    def pause(self) -> None:
        """Let it stand still, as a machine does that swaps."""
        assert self.server is not None
        self.server.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.server is not None
        self.server.process.send_signal(signal.SIGCONT)


@dataclass
class Cluster:
    """The processes and what they share; `url` is of the database, past all relays."""

    url: str
    redis: Redis
    processes: Sequence[Process]
    postgres: Postgres | None
    _apis: dict[int, Api] = field(default_factory=dict)

    def api(self, number: int) -> Api:
        """The HTTP interface of one process, as it was started last."""
        process = self.processes[number]
        if process.id not in self._apis:
            self._apis[process.id] = Api(process.url)
        return self._apis[process.id]

    def start(self) -> None:
        """Start all at once; they migrate their database together."""
        with ThreadPoolExecutor(len(self.processes)) as pool:
            list(pool.map(Process.start, self.processes))

    def end(self) -> None:
        """Stop all at once; who does not end when asked is a failure."""
        for api in self._apis.values():
            api.close()
        with ThreadPoolExecutor(len(self.processes)) as pool:
            list(pool.map(Process.stop, self.processes))


@contextmanager
def cluster(
    folder: Path, count: int, postgres: Postgres | None, redis: Redis, **settings: Any
) -> Iterator[Cluster]:
    """Run so many processes over a new database for the length of a block.

    Without a PostgreSQL they share a SQLite file.
    """
    url = postgres.url(postgres.new_database()) if postgres else f"sqlite:///{folder / 'all.db'}"
    schema.migrate(url)
    with ExitStack() as stack:
        processes = [
            _process(stack, folder / f"process-{number}", postgres, url, redis, settings)
            for number in range(count)
        ]
        made = Cluster(url, redis, processes, postgres)
        stack.callback(made.end)
        made.start()
        yield made


def _process(
    stack: ExitStack,
    folder: Path,
    postgres: Postgres | None,
    url: str,
    redis: Redis,
    settings: dict[str, Any],
) -> Process:
    """Prepare a process with its relays."""
    told = urlsplit(redis.url)
    assert told.hostname
    assert told.port
    relay = stack.enter_context(relaying((told.hostname, told.port)))
    there = told.netloc.rpartition(":")[0]
    news = told._replace(netloc=f"{there}:{relay.port}").geturl()
    relays = {"news": relay}
    if postgres:
        place = _place(postgres, folder.name)
        relays["database"] = stack.enter_context(
            relaying(postgres.folder / SOCKET_NAME, path=place / SOCKET_NAME)
        )
        url = url.replace(str(postgres.folder), str(place))
    shared = {"supervisor": False, "database_url": url, "redis_url": news}
    return Process(folder, relays, shared | settings)


def _place(postgres: Postgres, name: str) -> Path:
    """A folder for a process's own way to PostgreSQL: a socket's path is limited."""
    place = postgres.folder / name
    place.mkdir(exist_ok=True)
    (place / SOCKET_NAME).unlink(missing_ok=True)
    return place
