"""kill -9 under load: what anybody had seen, or had a receipt for, is there afterwards."""

import os
import random
import re
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import anyio
import pytest

from tests.support import node, serving
from tests.support.replica import Made, Replica, join
from tests.support.rest import Api, Person
from tests.support.stock import stock

ROUNDS = 20
WRITERS = 4
TOKEN = re.compile(r"<(\d+)\.(\d+)\.(\d+)>")


class Writer:
    """Somebody who writes tokens as fast as the loop allows, until the server is gone."""

    def __init__(self, number: int, round_number: int, replica: Replica) -> None:
        self.replica = replica
        self.written: list[tuple[str, Made]] = []
        self._prefix = f"{round_number}.{number}"

    async def write(self) -> None:
        while self.replica.closed is None:
            token = f"<{self._prefix}.{len(self.written)}>"
            self.replica.append(token)
            self.written.append((token, self.replica.made.pop()))
            await anyio.sleep(0.002)

    def receipts(self) -> set[str]:
        covers = self.replica.received.covers
        return {token for token, made in self.written if covers(made.inserted, made.deleted)}

    def seen_of_others(self) -> set[str]:
        own = {token for token, _ in self.written}
        return {match[0] for match in TOKEN.finditer(self.replica.text)} - own


async def _under_load(
    kill: Callable[[], None], api: Api, slug: str, people: Sequence[Person], turn: int
) -> set[str]:
    """Kill the server while everybody writes; return every token that it had answered for."""
    chance = random.Random(turn)
    async with AsyncExitStack() as stack:
        writers = [
            Writer(n, turn, await stack.enter_async_context(join(api.sync_url(slug, person))))
            for n, person in enumerate(people)
        ]
        async with anyio.create_task_group() as tasks:
            for writer in writers:
                tasks.start_soon(writer.write)
            await writers[0].replica.until(writers[0].receipts, "a first receipt")
            await anyio.sleep(chance.random())
            kill()
        return set().union(*(w.receipts() | w.seen_of_others() for w in writers))


@pytest.mark.timeout(600)
async def test_kill_9_loses_nothing_that_anybody_had_seen(tmp_path: Path) -> None:
    answered: set[str] = set()
    server = serving.start(tmp_path / "data")
    api = Api(server.url)
    try:
        people = [api.somebody() for _ in range(WRITERS)]
        slug = api.make_article(people[0])
        for turn in range(ROUNDS):
            fresh = await _under_load(server.kill, api, slug, people, turn)
            assert fresh, "the server answered for nothing in this round"
            answered |= fresh
            api.close()
            server = serving.start(tmp_path / "data")
            api = Api(server.url)
            text, authors = api.authors(slug)
            kept = {match[0]: match for match in TOKEN.finditer(text)}
            assert answered <= kept.keys()
            for match in kept.values():
                writer = people[int(match[2])].id
                assert set(authors[match.start() : match.end()]) == {writer}
    finally:
        api.close()
        server.stop()


async def test_a_worker_killed_under_load_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    with serving.running(tmp_path / "data") as server:
        api = Api(server.url)
        people = [api.somebody() for _ in range(WRITERS)]
        slug = api.make_article(people[0])
        answered: set[str] = set()
        for turn in range(3):

            def kill() -> None:
                os.kill(server.worker, signal.SIGKILL)

            answered |= await _under_load(kill, api, slug, people, turn)
            text, authors = api.authors(slug)  # asked at once: nobody is refused meanwhile
            kept = {match[0]: match for match in TOKEN.finditer(text)}
            assert answered <= kept.keys()
            for match in kept.values():
                assert set(authors[match.start() : match.end()]) == {people[int(match[2])].id}
            assert server.replaced == turn + 1
        api.close()


@pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")
@pytest.mark.parametrize("version", ["1.4", "3.1"])
async def test_stock_clients_bring_what_they_wrote_while_the_server_was_gone(
    tmp_path: Path, version: str
) -> None:
    server = serving.start(tmp_path / "data")
    api = Api(server.url)
    try:
        people = [api.somebody() for _ in range(2)]
        slug = api.make_article(people[0], "Start. ")
        async with stock() as process:
            clients = []
            for person in people:
                client = await process.open(person.name)
                url = f"ws{api.url.removeprefix('http')}/sync"
                params = {"token": person.token}
                await client.connect(version=version, url=url, room=slug, params=params)
                await client.untilText(text="Start. ")
                clients.append(client)
            server.kill()
            for client in clients:
                await client.untilClosed(times=1)
                await client.type(text=f"{await client.clientId()} ")
            server = serving.start(tmp_path / "data", int(server.url.rsplit(":", 1)[1]))
            ids = [str(await client.clientId()) for client in clients]
            async with join(api.sync_url(slug, None)) as reader:
                await reader.until(lambda: all(each in reader.text for each in ids))
                text = reader.text
            for client in clients:
                await client.untilText(text=text)
            told, authors = api.authors(slug)
            assert told == text
            for each, person in zip(ids, people, strict=True):
                assert set(authors[text.index(each) :][: len(each)]) == {person.id}
            assert await process.complaints() == []
    finally:
        api.close()
        server.stop()
