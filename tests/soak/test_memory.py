"""A thousand articles come and go, and the server's memory is what it was."""

import asyncio
import time
from pathlib import Path

import anyio
import pytest
from pycrdt import Doc, Text

from tests.soak import figures
from tests.soak.rawsocket import dial
from tests.support import serving, wire
from tests.support.replica import ROOT
from tests.support.rest import Api, Person

ARTICLES = 1_000
WARM_UP = 600  # articles; fills the caches of the database, and the allocator's pools to their peak
ROUNDS = 4  # of the reaper, which gives memory back
AT_ONCE = 20
WORDS = "Some words of an article that somebody opens, edits and leaves. " * 50
RATES = ("messages_per_second", "bytes_per_second", "clients_per_minute", "connections_per_minute")
UNLIMITED = {f"{who}_{rate}": 0 for who in ("author", "address") for rate in RATES}


async def _visit(api: Api, slug: str, person: Person) -> None:
    """Open an article, write something, see it stored, and leave."""
    stored = asyncio.Event()
    doc: Doc[Text] = Doc()
    text = doc.get(ROOT, type=Text)

    def receive(message: bytes) -> None:
        reader = wire.Reader(message)
        if reader.uint() == wire.SYNC and reader.uint() == wire.UPDATE:
            stored.set()

    client = await dial(api.sync_url(slug, person, attribution=False), receive)
    status = await client.status()
    assert status == 101, status
    client.send(wire.sync(wire.STEP_1, doc.get_state()))
    for at in range(10):  # pieces that do not fuse
        text.insert(at, WORDS)
    client.send(wire.sync(wire.UPDATE, doc.get_update()))
    await stored.wait()
    await client.end()


async def _come_and_go(api: Api, person: Person, number: int) -> None:
    slugs = iter([await _made(api, person) for _ in range(number)])

    async def visitor() -> None:
        for slug in slugs:
            await _visit(api, slug, person)

    async with anyio.create_task_group() as tasks:
        for _ in range(AT_ONCE):
            tasks.start_soon(visitor)


async def _made(api: Api, person: Person) -> str:
    return await anyio.to_thread.run_sync(api.make_article, person)


async def _settled(api: Api, pid: int) -> int:
    """Wait until the rooms are closed and memory no longer falls; give it in bytes."""
    while api.metric("palimpsest_rooms") or api.metric("palimpsest_members"):  # noqa: ASYNC110
        await anyio.sleep(0.05)
    lowest, same = figures.memory(pid), 0
    while same < ROUNDS:
        await anyio.sleep(1)
        now = figures.memory(pid)
        lowest, same = min(lowest, now), 0 if now < lowest else same + 1
    return lowest


@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
async def test_memory_is_back_after_a_thousand_articles_came_and_went(tmp_path: Path) -> None:
    with serving.running(tmp_path / "data", idle_room_seconds=0.5, **UNLIMITED) as server:
        api = Api(server.url)
        person = api.somebody()
        await _come_and_go(api, person, WARM_UP)  # what first uses take once and for all
        before = await _settled(api, server.worker)
        began = time.monotonic()
        await _come_and_go(api, person, ARTICLES)
        took, peak = time.monotonic() - began, figures.memory(server.worker)
        after = await _settled(api, server.worker)
        api.close()
    growth = after / before - 1
    print(
        f"\n{ARTICLES} articles in {took:.1f} s; resident MiB: before {before / 2**20:.1f},"
        f" at the end {peak / 2**20:.1f}, afterwards {after / 2**20:.1f} ({growth:+.1%})"
    )
    assert growth < 0.10
