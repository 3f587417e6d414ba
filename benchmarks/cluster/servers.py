"""What is compared: ours on PostgreSQL, ours on a shared SQLite file, Hocuspocus with its Redis."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.cluster.pair import Instances
from benchmarks.cluster.workloads import WORKLOADS
from benchmarks.compare import ours
from benchmarks.compare.command import Comparison
from benchmarks.compare.installing import Peers
from benchmarks.compare.running import Command, pinned
from benchmarks.compare.servers import Hocuspocus, Server
from tests.support import postgres, redis
from tests.support.postgres import Postgres
from tests.support.redis import Redis


class Palimpsest(ours.Palimpsest):
    """Ours, on a SQLite file that both instances share, or on PostgreSQL."""

    def __init__(self, template: Path, news: Redis, database: Postgres | None = None) -> None:
        self.name = f"{ours.Palimpsest.name}, {'PostgreSQL' if database else 'SQLite'}"
        self._news = news
        self._database = database
        self._empty = database.new_database() if database else ""
        self._url = ""
        super().__init__(template, database.url(self._empty) if database else "")

    def prepare(self, data: Path) -> None:
        """Copy the people and the articles, where they are."""
        super().prepare(data)
        if self._database:
            self._url = self._database.url(self._database.new_database(template=self._empty))

    def command(self, data: Path) -> Command:
        """Name Redis and the database: that is all that more than one instance needs."""
        alone = super().command(data)
        more = {"PALIMPSEST_REDIS_URL": self._news.url, "PALIMPSEST_DATABASE_URL": self._url}
        return Command(alone.arguments, {**alone.environment, **more})


class HocuspocusRedis(Hocuspocus):
    """Hocuspocus in memory, with its extension for Redis."""

    def __init__(self, installed: Peers, news: Redis) -> None:
        super().__init__("Hocuspocus", installed.node, installed.starter("hocuspocus.mjs"))
        self._news = news

    def command(self, data: Path) -> Command:
        """Name Redis."""
        alone = super().command(data)
        return Command(alone.arguments, {"HOCUSPOCUS_REDIS": f"127.0.0.1:{self._news.port}"})


@contextmanager
def together(installed: Peers, core: int) -> Iterator[Sequence[Server]]:
    """Start one Redis and one PostgreSQL for all of them, on the servers' core."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="palimpsest-bench-")))
        with pinned(core):
            news = stack.enter_context(redis.running())
            database = stack.enter_context(postgres.running())
        yield (
            Palimpsest(folder / "postgresql", news, database),
            Palimpsest(folder / "sqlite", news),
            HocuspocusRedis(installed, news),
        )


TOGETHER = Comparison("benchmarks.cluster", WORKLOADS, together, Instances)
