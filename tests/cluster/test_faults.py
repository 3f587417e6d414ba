"""Any of the processes, Redis and PostgreSQL may die or hang; nothing that was shown is lost.

pytest tests/cluster/test_faults.py -s            every kind of fault once
pytest tests/cluster/test_faults.py -s --long     104 faults, and a minute without Redis
"""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from anyio import to_thread

from persistence.errors import LogUnavailable
from persistence.store import Store, open_store
from tests.cluster.crowd import Crowd, Table, gathered
from tests.cluster.faults import FAULTS, Fault
from tests.support.cluster import UNLIMITED, Cluster, cluster
from tests.support.postgres import Postgres
from tests.support.redis import Redis

PROCESSES = 4
SEATS = (18, 12, 10)  # forty people at three articles
PACE = 25.0  # deeds of all of them in a second
SETTINGS = {"database_seconds": 2, "farewell_seconds": 0.5, "log_level": "warning"} | UNLIMITED


@pytest.fixture
def together(tmp_path: Path, database: Postgres, news: Redis) -> Iterator[Cluster]:
    with cluster(tmp_path, PROCESSES, database, news, **SETTINGS) as running:
        yield running


@pytest.fixture
def store(together: Cluster) -> Iterator[Store]:
    """The database past all servers and relays."""
    opened = open_store(together.url)
    yield opened
    opened.close()


@asynccontextmanager
async def _busy(together: Cluster, store: Store, chance: random.Random) -> AsyncIterator[Crowd]:
    """Forty people who write; at the end everything is held against everything."""
    places = [sum(SEATS[:number]) for number in range(len(SEATS))]
    tables = [
        Table(together, store, seats, first, chance)
        for seats, first in zip(SEATS, places, strict=True)
    ]
    async with gathered(tables, chance) as crowd:
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(crowd.write(PACE))
            auditing = tasks.create_task(crowd.audit())
            yield crowd
            writing.cancel()
            auditing.cancel()
        await crowd.heal()
        await crowd.check()
        await crowd.see_each_other()
        await _agree(together, crowd)


async def _agree(together: Cluster, crowd: Crowd) -> None:
    """All replicas, all processes and the log have one text, and its authors are exact."""
    for table in crowd.tables:
        text = table.truth.text
        assert table.differing() == []
        for number in range(PROCESSES):
            told, authors = await to_thread.run_sync(together.api(number).authors, table.slug)
            assert told == text
            assert authors == [table.owners[character] for character in text]
        await to_thread.run_sync(table.truth.check_for_good)


async def _strike(together: Cluster, crowd: Crowd, fault: Fault, chance: random.Random) -> float:
    """Do it; the seconds that healing took. A process that is gone after it comes back."""
    process = chance.choice(together.processes)
    await fault(together, process, chance.uniform(0.5, 2.5))
    seconds = await crowd.heal()
    await crowd.check()
    if process.server is None:
        await to_thread.run_sync(process.start)
    return seconds


def _report(healing: list[tuple[float, str]], crowd: Crowd) -> str:
    seconds = sorted(took for took, _ in healing)
    p99 = seconds[int(len(seconds) * 0.99)]
    worst = ", ".join(f"{name} {took:.2f}" for took, name in sorted(healing)[:-6:-1])
    rows = sum(len(table.truth.rows) for table in crowd.tables)
    return (
        f"\n{len(healing)} faults, {rows} rows; healed after s: median"
        f" {seconds[len(seconds) // 2]:.2f}, p99 {p99:.2f}; worst: {worst};"
        f" refusals {dict(crowd.refusals())}"
    )


async def _live_through(
    together: Cluster, store: Store, faults: list[Fault], chance: random.Random
) -> None:
    healing = []
    async with _busy(together, store, chance) as crowd:
        for fault in faults:
            took = await _strike(together, crowd, fault, chance)
            healing.append((took, fault.__name__))
            print(f"{took:5.2f} {fault.__name__}", flush=True)
    print(_report(healing, crowd))
    for process in together.processes:
        assert _unexpected(process.log) == []


def _unexpected(log: str) -> list[str]:
    """What went wrong in a process beside that its database did not answer."""
    entries = re.split(r"^(?=\d{4}-\d\d-\d\dT)", log, flags=re.MULTILINE)
    return [each for each in entries if "[error" in each and LogUnavailable.__name__ not in each]


async def test_every_kind_of_fault_loses_nothing(together: Cluster, store: Store) -> None:
    await _live_through(together, store, list(FAULTS), random.Random(1))


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_a_hundred_faults_lose_nothing(
    together: Cluster, store: Store, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(request.config.getoption("--soak-seed"))
    faults = list(FAULTS) * 8
    chance.shuffle(faults)
    await _live_through(together, store, faults, chance)
