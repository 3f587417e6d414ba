"""People with stock clients who write word after word, and what must have become of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio

from tests.support.rest import Api, Person
from tests.support.stock import Stock, StockClient, stock

PATIENCE = 90.0


class Writer:
    """Somebody with a stock client, who writes at the end of the text."""

    def __init__(self, client: StockClient, person: Person, number: int) -> None:
        self.client = client
        self.person = person
        self._number = number
        self._words = 0

    @property
    def written(self) -> str:
        return "".join(f"<{self._number}.{word}>" for word in range(self._words))

    async def write(self) -> None:
        """Write for ever, a keystroke at a time."""
        while True:
            word = f"<{self._number}.{self._words}>"
            self._words += 1
            await self.client.type(text=word)
            await anyio.sleep(0.02)  # as fast as a person at most


@dataclass
class Crowd:
    """All who write in one article; `process` runs their clients."""

    api: Api
    slug: str
    writers: list[Writer]
    process: Stock

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Have all of them write for the length of a block."""
        async with anyio.create_task_group() as tasks:
            for each in self.writers:
                tasks.start_soon(each.write)
            yield
            tasks.cancel_scope.cancel()

    async def check(self) -> None:
        """Expect that everybody has all that was written, each character its author's."""
        characters = sum(len(each.written) for each in self.writers)
        with anyio.fail_after(PATIENCE):
            while len(self.api.spans(self.slug)["text"]) < characters:  # noqa: ASYNC110 - remote
                await anyio.sleep(0.1)
        text, authors = self.api.authors(self.slug)
        for each in self.writers:
            await each.client.untilText(text=text)
        by = {
            author: "".join(c for c, each in zip(text, authors, strict=True) if each == author)
            for author in set(authors)
        }
        assert by == {each.person.id: each.written for each in self.writers}

    async def closes(self) -> list[int | None]:
        """Give the codes with which connections of theirs were closed."""
        states = [await each.client.state() for each in self.writers]
        return [code for state in states for code in state["closes"]]


@asynccontextmanager
async def crowd(api: Api, size: int) -> AsyncIterator[Crowd]:
    """Let so many people into an article of their own."""
    people = [api.somebody() for _ in range(size)]
    slug = api.make_article(people[0])
    async with stock() as process:
        writers = [
            Writer(await _client(process, api, person, slug), person, number)
            for number, person in enumerate(people)
        ]
        yield Crowd(api, slug, writers, process)


async def _client(process: Stock, api: Api, person: Person, slug: str) -> StockClient:
    client = await process.open(person.name)
    url, params = f"ws{api.url.removeprefix('http')}/sync", {"token": person.token}
    await client.connect(version="3.1", url=url, room=slug, params=params)
    await client.untilSynced()
    return client
