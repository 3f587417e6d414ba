"""The soak: hundreds of people at several articles, with all that goes wrong, for a long time.

    pytest tests/soak/test_soak.py --long -s                  twenty minutes, 200 people
    pytest tests/soak/test_soak.py --soak-seconds 120 -s      as long as that

The usual suite runs a short one with fewer people. Articles end and others begin all the time, so
the server has about as much to hold in the middle as at the end.
"""

import asyncio
import random
import resource
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from persistence.store import Store, open_store
from tests.soak import figures
from tests.soak.meeting import Meeting
from tests.soak.stockscholar import StockScholar
from tests.support import node, serving
from tests.support.rest import Api, Person
from tests.support.stock import Stock, stock

LONG_SECONDS = 1200.0
LONG = 120.0  # seconds from which on a soak is a long one
UNLIMITED = {
    f"address_{rate}": 0
    for rate in (
        "messages_per_second",
        "bytes_per_second",
        "clients_per_minute",
        "connections_per_minute",
    )
}
FLAT = 0.10  # what memory may gain over the second half


@dataclass
class Soak:
    """A server under observation, and what was done to it."""

    api: Api
    store: Store
    pid: int
    chance: random.Random
    memory: list[tuple[float, float]] = field(default_factory=list)  # (seconds, bytes of `pid`)
    most: int = 0  # bytes of `pid` and its children, who come and go
    done: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    characters: int = 0

    async def meet(
        self, people: Sequence[Person], nuisance: Person, ends: float, seconds: float
    ) -> None:
        """Hold one meeting after the other with these people."""
        while (left := ends - monotonic()) > 0:
            meeting = await asyncio.to_thread(Meeting, self.api, people, nuisance, self.chance)
            await meeting.take_place(min(left, self.chance.uniform(0.5, 1.5) * seconds))
            self.characters += await meeting.end(self.store)
            await meeting.leave()
            self.articles += 1
            self.done.update(meeting.done)

    async def meet_stock(self, node: Stock, people: Sequence[Person], ends: float) -> None:
        """Let people with the clients of others write an article of their own."""
        slug = await asyncio.to_thread(self.api.make_article, people[0])
        scholars = [
            await StockScholar.come(node, self.api, slug, person, number, self.chance)
            for number, person in enumerate(people)
        ]
        while monotonic() < ends:
            await asyncio.sleep(self.chance.expovariate(2))
            await self.chance.choice(scholars).act()
        await StockScholar.agree(self.api, slug, scholars)

    async def watch(self) -> None:
        began = monotonic()
        while True:
            self.memory.append((monotonic() - began, figures.resident(self.pid)))
            self.most = max(self.most, figures.memory(self.pid))
            await asyncio.sleep(0.5)

    def report(self, seconds: float, began: float) -> str:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return (
            f"\n{seconds:.0f} s, {self.articles} articles, {self.characters} characters;"
            f" deeds: {dict(self.done.most_common())};"
            f" server: {(figures.processor(self.pid) - began) / seconds:.0%} of a core,"
            f" we: {(used.ru_utime + used.ru_stime) / seconds:.0%};"
            f" memory MiB: first {self.memory[0][1] / 2**20:.0f},"
            f" highest {max(y for _, y in self.memory) / 2**20:.0f},"
            f" last {self.memory[-1][1] / 2**20:.0f}, with children at most {self.most / 2**20:.0f}"
        )


@asynccontextmanager
async def _watched(soak: Soak) -> AsyncIterator[None]:
    watching = asyncio.create_task(soak.watch())
    try:
        yield
    finally:
        watching.cancel()


async def _quiet(url: str, pid: int) -> tuple[float, dict[str, int]]:
    """Wait until nobody is there any more; give the tasks and the open sockets and pipes."""
    while True:
        api = Api(url)  # one connection, which is counted
        try:
            busy = api.metric("palimpsest_rooms") or api.metric("palimpsest_members")
            tasks = api.metric("palimpsest_tasks")
            opened = figures.descriptors(pid)
            busy = busy or len(figures.tree(pid)) > 1  # somebody computes the past
        finally:
            api.close()
        if not busy:
            return tasks, {kind: n for kind, n in opened.items() if not kind.startswith("/")}
        await asyncio.sleep(0.1)


@pytest.mark.timeout(3600)
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the figures are read from /proc")
@pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")
async def test_a_soak_ends_as_it_began_with_equal_replicas_and_exact_authors(
    tmp_path: Path, soak_seconds: float, request: pytest.FixtureRequest
) -> None:
    long = soak_seconds >= LONG
    tables, seats, length = (10, 20, 45.0) if long else (4, 12, 8.0)
    chance = random.Random(request.config.getoption("--soak-seed"))
    idle = {"idle_room_seconds": 1, "historian_idle_seconds": 1}
    with serving.running(tmp_path / "data", **idle, **UNLIMITED) as server:
        pid = server.worker
        before = await _quiet(server.url, pid)
        api = Api(server.url)
        store = open_store(f"sqlite:///{server.data_dir / 'palimpsest.db'}")
        soak = Soak(api, store, pid, chance)
        groups = [[api.somebody() for _ in range(seats + 1)] for _ in range(tables)]
        guests = [api.somebody() for _ in range(4)]
        used, ends = figures.processor(pid), monotonic() + soak_seconds
        async with stock() as node_process, _watched(soak), asyncio.TaskGroup() as tasks:
            tasks.create_task(soak.meet_stock(node_process, guests, ends))
            for *people, nuisance in groups:
                tasks.create_task(soak.meet(people, nuisance, ends, length))
        print(soak.report(soak_seconds, used))
        store.close()
        faults = api.metric("palimpsest_faults_total")
        api.close()
        after = await _quiet(server.url, pid)
        print(f"tasks and descriptors before {before}, after {after}")
        print(f"memory when all have gone: {figures.resident(pid) / 2**20:.0f} MiB")
        assert after[0] <= before[0]  # one looks for what the last server left undone, and ends
        assert after[1] == before[1]
        assert faults == 0
    if long:
        half = soak.memory[len(soak.memory) // 2 :]
        gain = figures.slope(half) * (half[-1][0] - half[0][0])
        share = gain / (sum(y for _, y in half) / len(half))
        print(f"over the second half memory gained {gain / 2**20:.1f} MiB, {share:.1%}")
        assert share < FLAT


@pytest.fixture
def soak_seconds(request: pytest.FixtureRequest) -> float:
    """How long to soak, by option."""
    chosen = request.config.getoption("--soak-seconds")
    if chosen is not None:
        return float(chosen)
    return LONG_SECONDS if request.config.getoption("--long") else 20.0
