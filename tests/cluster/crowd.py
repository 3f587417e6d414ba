"""Many people at several articles, spread over the processes, who write all the time."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic

from anyio import to_thread

from persistence.errors import LogUnavailable
from persistence.store import Store
from tests.cluster.evidence import Evidence, Truth
from tests.cluster.traveller import Traveller
from tests.soak.scholar import mark, roles
from tests.support.cluster import Cluster
from tests.support.ledger import ID

PATIENCE = 30.0  # seconds until replicas that should be equal are given up
GLANCE = 0.01  # seconds between two looks at all replicas
AUDIT_SECONDS = 0.25
MOVES = 0.02  # of the deeds: somebody goes on in a new tab


class Table:
    """One article with its people."""

    def __init__(
        self, cluster: Cluster, store: Store, seats: int, first: int, chance: random.Random
    ) -> None:
        api = cluster.api(0)
        people = [api.somebody() for _ in range(seats)]
        self.slug = api.make_article(people[0])
        self._checking = asyncio.Lock()
        self.evidence = Evidence()
        self.truth = Truth(store, self.slug)
        marks = [mark(first + number) for number in range(seats)]
        self.owners = {m: p.id for m, p in zip(marks, people, strict=True)}
        apis = [cluster.api(number) for number in range(len(cluster.processes))]
        self.people = [
            Traveller(
                person,
                [api.sync_url(self.slug, person) for api in apis],
                own,
                quarry,
                chance,
                self.evidence,
            )
            for person, own, quarry in zip(people, marks, roles(marks), strict=True)
        ]

    def goal(self) -> "Goal":
        """Everything that anybody has made up to now, stored or not."""
        clocks: dict[int, int] = {}
        for person in self.people:
            for client, clock in person.knows().items():
                clocks[client] = max(clock, clocks.get(client, 0))
        return Goal(clocks, set().union(*(person.gone for person in self.people)), self.people)

    async def check(self) -> None:
        """What was shown or acknowledged up to now must be in the database now."""
        async with self._checking:
            for person in self.people:
                person.testify()
            evidence = self.evidence.copy()
            self.truth.take(await to_thread.run_sync(self.truth.news))
            assert self.truth.lost(evidence) == [], self.slug

    def unseen(self) -> list[object]:
        """Those who do not see exactly the people that are there."""
        there = {person.doc.client_id for person in self.people}
        return [(each.at, there ^ each.here) for each in self.people if each.here != there]

    def differing(self) -> list[object]:
        """Those who do not have the text of the database."""
        text = self.truth.text
        return [
            (person.at, person.connected, person.synced, len(person.text), list(person.story)[-6:])
            for person in self.people
            if person.text != text
        ]


class Goal:
    """What all people of a table must come to know."""

    def __init__(self, clocks: dict[int, int], gone: set[ID], people: Sequence[Traveller]) -> None:
        self._clocks = clocks
        self._gone = gone
        self.people = people
        self._waiting = list(people)

    def reached(self) -> bool:
        """Whether everybody is connected and knows it; who once did is not asked again."""
        self._waiting = [person for person in self._waiting if not self._has(person)]
        return not self._waiting

    def _has(self, person: Traveller) -> bool:
        if not (person.connected and person.synced):
            return False
        knows = person.knows()
        behind = any(clock > knows.get(client, 0) for client, clock in self._clocks.items())
        return not behind and self._gone <= person.gone

    def missing(self) -> str:
        """Who lacks what, and what those did whose it is."""
        told, whose = [], set()
        for each in self._waiting:
            knows = each.knows()
            lacks = [
                (c, knows.get(c, 0), n) for c, n in self._clocks.items() if n > knows.get(c, 0)
            ]
            deletions = sorted(self._gone - each.gone)[:5]
            whose |= {client for client, _, _ in lacks}
            told.append((each.at, each.connected, each.synced, lacks, deletions))
        makers = [each for each in self.people if each.doc.client_id in whose]
        stories = [(each.at, each.doc.client_id, list(each.story)[-20:]) for each in makers]
        return f"{told}, made by {stories}"


class Crowd:
    """All the tables; what goes wrong is found by `check`, `heal` and `agree`."""

    def __init__(self, tables: Sequence[Table], chance: random.Random) -> None:
        self.tables = tables
        self.people = [person for table in tables for person in table.people]
        self._chance = chance

    async def write(self, pace: float) -> None:
        """Let somebody do something, so many times a second, until cancelled."""
        while True:
            await asyncio.sleep(self._chance.expovariate(pace))
            person = self._chance.choice(self.people)
            if self._chance.random() < MOVES:
                person.move()
            elif person.able:
                person.act()

    async def heal(self) -> float:
        """Wait until everybody knows what anybody had made by now; the seconds it took."""
        began = monotonic()
        for goal in [table.goal() for table in self.tables]:
            while not goal.reached():
                assert monotonic() < began + PATIENCE, goal.missing()
                await asyncio.sleep(GLANCE)
        return monotonic() - began

    async def check(self) -> None:
        """Nothing that was acknowledged or seen is missing."""
        for table in self.tables:
            await table.check()

    async def audit(self) -> None:
        """Check again and again, whenever the database answers, until cancelled."""
        while True:
            with suppress(LogUnavailable):
                await self.check()
            await asyncio.sleep(AUDIT_SECONDS)

    async def see_each_other(self) -> None:
        """Wait until in every article everybody sees everybody who is there, and nobody else."""
        began = monotonic()
        while unseen := [each for table in self.tables for each in table.unseen()]:
            assert monotonic() < began + PATIENCE, unseen
            await asyncio.sleep(GLANCE)

    def refusals(self) -> Counter[str]:
        """The codes of what was refused."""
        told = (words for person in self.people for words in person.refusals)
        return Counter(words.partition(":")[0] for words in told)


@asynccontextmanager
async def gathered(tables: Sequence[Table], chance: random.Random) -> AsyncIterator[Crowd]:
    """Let everybody come, and stay for the length of a block."""
    crowd = Crowd(tables, chance)
    staying = [asyncio.create_task(person.stay()) for person in crowd.people]
    try:
        await crowd.heal()
        yield crowd
    finally:
        for task in staying:
            task.cancel()
        ended = await asyncio.gather(*staying, return_exceptions=True)
        for person in crowd.people:
            person.close()
            person.fail()
    assert all(isinstance(error, asyncio.CancelledError) for error in ended), ended
