"""A meeting: one article from its first word to its last; people come, go, fail and return."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from time import monotonic

from anyio import to_thread

from persistence.store import Store
from server.loading import moment
from tests.soak.nuisance import molest
from tests.soak.scholar import Scholar, mark, roles
from tests.support.replica import ROOT
from tests.support.rest import Api, Person

PATIENCE = 120.0  # seconds until people who no longer write must have the same text
DEEDS_PER_SECOND = 1.0  # of each person


class Meeting:
    """People at one article of their own; `nuisance` is somebody who floods it meanwhile."""

    def __init__(
        self, api: Api, people: Sequence[Person], nuisance: Person, chance: random.Random
    ) -> None:
        self.done: Counter[str] = Counter()
        self.slug = api.make_article(people[0])
        self._api = api
        self._chance = chance
        marks = [mark(number) for number in range(len(people) + 1)]
        self._url = api.sync_url(self.slug, nuisance, attribution=False)
        self._marks = {m: p.id for m, p in zip(marks, [*people, nuisance], strict=True)}
        self._nuisance_mark = marks[-1]
        self.scholars = [
            Scholar(person, self._link(person), own, quarry, chance)
            for person, own, quarry in zip(people, marks, roles(marks[:-1]), strict=False)
        ]

    def _link(self, person: Person) -> str:
        return self._api.sync_url(self.slug, person, attribution=self._chance.random() < 0.5)

    async def take_place(self, seconds: float) -> None:
        """Write for so long, then come together; what goes wrong raises."""
        ends = monotonic() + seconds
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write(ends))
            tasks.create_task(self._disturb(ends))
            for scholar in self.scholars:
                tasks.create_task(self._live(scholar, ends))

    async def _write(self, ends: float) -> None:
        """Let somebody do something, again and again; whoever is away writes, too."""
        pace = DEEDS_PER_SECOND * len(self.scholars)
        while monotonic() < ends:
            await asyncio.sleep(self._chance.expovariate(pace))
            scholar = self._chance.choice(self.scholars)
            if scholar.synced:
                scholar.act()

    async def _live(self, scholar: Scholar, ends: float) -> None:
        """Come at some time, then lose the connection, leave, stop reading, and come back."""
        chance = self._chance
        await asyncio.sleep(chance.uniform(0, max(0.0, ends - monotonic()) / 4))
        await self._come(scholar)
        while (left := ends - monotonic()) > 0:
            await asyncio.sleep(min(left, chance.expovariate(1 / 6)))
            trouble = chance.choice([self._fail, self._leave, self._stall])
            if monotonic() < ends:
                self.done[trouble.__name__] += 1
                scholar.note(trouble.__name__)
                await trouble(scholar)
        if not scholar.connected:
            await self._come(scholar)

    async def _come(self, scholar: Scholar) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await scholar.connect() or not await self._synced(scholar):  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    async def _synced(self, scholar: Scholar) -> bool:
        while scholar.connected and not scholar.synced:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return scholar.connected

    async def _fail(self, scholar: Scholar) -> None:
        """Lose the connection, write on without it, come back with that."""
        assert scholar.socket is not None
        await scholar.socket.end()
        await asyncio.sleep(self._chance.expovariate(1))
        await self._come(scholar)

    async def _leave(self, scholar: Scholar) -> None:
        """Say goodbye, and come back in the same tab or in another."""
        assert scholar.socket is not None
        scholar.socket.leave()
        await scholar.socket.lost.wait()
        if self._chance.random() < 0.5:
            scholar.renew()
        await asyncio.sleep(self._chance.expovariate(2))
        await self._come(scholar)

    async def _stall(self, scholar: Scholar) -> None:
        """Stop reading for a while; if that was too long, come back."""
        assert scholar.socket is not None
        if scholar.connected:
            scholar.socket.transport.pause_reading()
            await asyncio.sleep(self._chance.uniform(0.1, 3))
            if scholar.connected:
                scholar.socket.transport.resume_reading()
        if not scholar.connected:
            await self._come(scholar)

    async def _disturb(self, ends: float) -> None:
        while monotonic() < ends:
            kind = await molest(self._url, self._nuisance_mark, self._chance)
            self.done[kind] += 1
            await asyncio.sleep(self._chance.expovariate(0.5))

    async def end(self, store: Store) -> int:
        """Hold all against each other; return how many characters there are."""
        text = await self._agreement()
        told, authors = await to_thread.run_sync(self._api.authors, self.slug)
        assert told == text
        assert authors == [self._marks[character] for character in text]
        article = await to_thread.run_sync(store.articles.get, self.slug)
        folded = await to_thread.run_sync(moment, store, article.id, ROOT)
        assert folded.text == text
        assert [s.author for s in folded.spans for _ in range(s.length)] == authors
        for scholar in self.scholars:
            assert scholar.refusals == [], list(scholar.story)
            assert scholar.text == text
            self.done.update(scholar.deeds)
        return len(text)

    async def _agreement(self) -> str:
        deadline = monotonic() + PATIENCE
        while True:
            for scholar in self.scholars:
                if not scholar.connected:
                    await self._come(scholar)
            told = await to_thread.run_sync(lambda: self._api.spans(self.slug)["text"])
            texts = [scholar.text for scholar in self.scholars]
            if all(text == told for text in texts):
                return str(told)
            assert monotonic() < deadline, self._differing(told)
            await asyncio.sleep(0.1)

    def _differing(self, told: str) -> list[object]:
        """Tell of those who have another text than was told: it, and what they did last."""
        return [
            (len(told), len(scholar.text), scholar.refusals, list(scholar.story))
            for scholar in self.scholars
            if scholar.text != told
        ]

    async def leave(self) -> None:
        """Everybody goes, in one way or another."""
        for scholar in self.scholars:
            scholar.close()
            if scholar.socket is not None:
                if self._chance.random() < 0.5:
                    scholar.socket.leave()
                else:
                    scholar.socket.abort()
        for scholar in self.scholars:
            if scholar.socket is not None:
                await scholar.socket.lost.wait()
