"""A rolling restart under people who write: nobody loses an edit, and nobody is refused."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx2
import pytest

from tests.support import node
from tests.support.rest import Api, Person
from tests.support.stock import Stock, StockClient, stock
from tests.support.workers import crew

WORKERS = 3
PEOPLE = 8
ROLLED = "All workers are replaced."
GOING_AWAY = 1012


class Writer:
    """Somebody with a stock client, who writes word after word."""

    def __init__(self, client: StockClient, name: str) -> None:
        self.client = client
        self.name = name
        self.words = 0

    @property
    def written(self) -> list[str]:
        return [f"<{self.name}.{number}>" for number in range(self.words)]

    async def write(self) -> None:
        """Write for ever, a keystroke at a time."""
        while True:
            self.words += 1
            await self.client.type(text=self.written[-1])
            await anyio.sleep(0.02)  # as fast as a person at most


async def _enter(process: Stock, api: Api, person: Person, slug: str) -> Writer:
    client = await process.open(person.name)
    url, params = f"ws{api.url.removeprefix('http')}/sync", {"token": person.token}
    await client.connect(version="3.1", url=url, room=slug, params=params)
    await client.untilSynced()
    return Writer(client, person.name.removeprefix("Person "))


@asynccontextmanager
async def _writing(writers: list[Writer]) -> AsyncIterator[None]:
    """Have all of them write for the length of a block."""
    async with anyio.create_task_group() as tasks:
        for each in writers:
            tasks.start_soon(each.write)
        yield
        tasks.cancel_scope.cancel()


@pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")
async def test_nobody_loses_an_edit_while_the_workers_are_replaced(tmp_path: Path) -> None:
    with crew(tmp_path / "data", WORKERS) as here:
        api = Api(here.server.url)
        people = [api.somebody() for _ in range(PEOPLE)]
        slug = api.make_article(people[0])
        before = here.server.workers
        async with stock() as process:
            writers = [await _enter(process, api, person, slug) for person in people]
            async with _writing(writers):
                here.roll()
                await here.until_said(ROLLED)
            await _until_whole(api, slug, writers)
            text, authors = api.authors(slug)
            for each in writers:
                await each.client.untilText(text=text)
            closes = [code for each in writers for code in (await each.client.state())["closes"]]
            assert not await process.complaints()
        assert _by(text, authors) == {
            person.id: "".join(each.written) for person, each in zip(people, writers, strict=True)
        }
        assert closes
        assert set(closes) == {GOING_AWAY}
        assert not set(before) & set(here.server.workers)
        api.close()


async def _until_whole(api: Api, slug: str, writers: list[Writer]) -> None:
    """Wait until the server has every character that anybody wrote."""
    characters = sum(len(word) for each in writers for word in each.written)
    with anyio.fail_after(60):
        while len(api.spans(slug)["text"]) < characters:  # noqa: ASYNC110 - of another process
            await anyio.sleep(0.1)


def _by(text: str, authors: list[str]) -> dict[str, str]:
    """Give what each author wrote, in the order of the text: everybody writes at its end."""
    return {
        author: "".join(c for c, each in zip(text, authors, strict=True) if each == author)
        for author in set(authors)
    }


async def test_who_asks_over_http_is_never_refused_while_the_workers_are_replaced(
    tmp_path: Path,
) -> None:
    asked, statuses = 0, set()
    with crew(tmp_path / "data", 2) as here:
        here.roll()
        while ROLLED not in here.log:
            answer = httpx2.get(f"{here.server.url}/api/v1/articles")  # a connection of its own
            statuses.add(answer.status_code)
            asked += 1
    assert statuses == {200}
    assert asked > 10


async def test_a_new_release_that_does_not_start_leaves_the_old_one_serving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = tmp_path / "release"
    release.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(release), prepend=os.pathsep)
    with crew(tmp_path / "data", 2) as here:
        before = here.server.workers
        (release / "sitecustomize.py").write_text("import sys\nsys.exit(7)\n")
        here.roll()
        await here.until_said("A new worker does not start; the others stay.")
        assert set(here.server.workers) == set(before)
        assert [each.http.get("/readyz").status_code for each in here.workers] == [200, 200]
        (release / "sitecustomize.py").unlink()
        here.roll()
        await here.until_said(ROLLED)
        assert not set(before) & set(here.server.workers)
