"""What a workload is, what it is given, and what it gives back."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

from benchmarks.compare.load import Cost
from benchmarks.compare.running import Running, start
from benchmarks.compare.servers import Server

SHARE = "client_share"
Figures = Mapping[str, float]


class Column(NamedTuple):
    """A figure of a workload, as it stands in the table."""

    key: str
    head: str
    form: str = ".1f"
    compared: bool = False  # whether its ratio to Hocuspocus is told


class Workload(Protocol):
    """Something that people do, and what is measured of it."""

    name: str
    title: str
    columns: Sequence[Column]
    durable_only: bool  # whether it is about what is kept on disk

    def measure(self, bench: "Bench") -> Figures:
        """Do it once on a fresh server."""


@dataclass(frozen=True)
class Bench:
    """One server with a fresh data folder, and how long to measure."""

    server: Server
    data: Path
    kept: Path  # folder for what is costly to make
    core: int
    seconds: float
    chance: Random

    @property
    def log(self) -> Path:
        """Where what the server prints is kept."""
        return self.data.with_suffix(".log")

    def start(self) -> Running:
        """Start the server over what the data folder holds by now."""
        return start(self.server.command(self.data), self.log, self.core)

    @contextmanager
    def running(self) -> Iterator[Running]:
        """Run the server for a block."""
        running = self.start()
        try:
            yield running
        finally:
            running.stop()


@contextmanager
def bench(
    server: Server, kept: Path, core: int, seconds: float, seed: int, kind: type[Bench] = Bench
) -> Iterator[Bench]:
    """Prepare a data folder that lasts for a block."""
    with tempfile.TemporaryDirectory(prefix="palimpsest-bench-") as folder:
        data = Path(folder) / "data"
        server.prepare(data)
        yield kind(server, data, kept, core, seconds, Random(seed))


def client_of(cost: Cost) -> Figures:
    """What every workload tells of the load client."""
    return {SHARE: cost.client_share}
