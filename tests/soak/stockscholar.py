"""A person with the client that others made: Yjs and y-websocket in Node, as they come."""

import asyncio
import random
from collections.abc import Sequence
from typing import Self

from anyio import to_thread

from tests.support.rest import Api, Person
from tests.support.stock import Stock, StockClient

VERSIONS = ("1.4", "2.1", "3.0", "3.1")
PATIENCE = 600  # times a tenth of a second


class StockScholar:
    """Types with a mark of their own, undoes, goes away and comes back."""

    def __init__(
        self, client: StockClient, person: Person, mark: str, chance: random.Random
    ) -> None:
        self.client = client
        self.person = person
        self.mark = mark
        self._chance = chance

    @classmethod
    async def come(
        cls, stock: Stock, api: Api, slug: str, person: Person, number: int, chance: random.Random
    ) -> Self:
        client = await stock.open(person.name)
        await client.connect(
            version=VERSIONS[number % len(VERSIONS)],
            url=f"ws{api.url.removeprefix('http')}/sync",
            room=slug,
            params={"token": person.token},
        )
        await client.untilSynced()
        return cls(client, person, chr(0x4E00 + number), chance)

    async def act(self) -> None:
        deed = self._chance.choice([self._type, self._type, self._type, self._undo, self._go])
        await deed()

    async def _type(self) -> None:
        position = self._chance.choice([0, None])
        words = self.mark * self._chance.randint(1, 5)
        if position is None:
            await self.client.append(text=words)
        else:
            await self.client.insert(position=position, text=words)

    async def _undo(self) -> None:
        await self.client.undo()
        if self._chance.random() < 0.5:
            await self.client.redo()

    async def _go(self) -> None:
        await self.client.disconnect()
        await self._type()
        await asyncio.sleep(self._chance.expovariate(2))
        await self.client.reconnect()

    @staticmethod
    async def agree(api: Api, slug: str, scholars: "Sequence[StockScholar]") -> None:
        """Wait until all have the server's text, whose authors its marks tell."""
        for _ in range(PATIENCE):
            text, authors = await to_thread.run_sync(api.authors, slug)
            texts = [await scholar.client.read() for scholar in scholars]
            if all(each == text for each in texts):
                break
            await asyncio.sleep(0.1)
        assert texts == [text] * len(scholars)
        owners = {scholar.mark: scholar.person.id for scholar in scholars}
        assert authors == [owners[character] for character in text]
        for scholar in scholars:
            await scholar.client.destroy()
