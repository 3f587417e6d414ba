"""A person is moved from process to process while they type, and notices nothing."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import pytest
from anyio import to_thread
from playwright.async_api import Browser

from tests.support import postgres, redis
from tests.support.chromium import chromium
from tests.support.cluster import Cluster, Process, cluster
from tests.support.desk import Desk, desk
from tests.support.replica import Replica, join
from tests.support.rest import Person
from tests.support.switching import Relay, relaying

PROCESSES = 4  # of which the first is another person's
MOVES = 20
PATIENCE = 30.0
LINES = "".join(f"Line {number} of a long article.\n" for number in range(300))
PLACE = LINES.index("Line 150 ")
WORDS = "the margin keeps what an earlier hand wrote "
MARK = "·"  # what is written meanwhile
PAUSE_MS = 8.0  # between two keys
TWO_LINES = 60.0  # pixels, at most

# What the person would notice, looked at in each frame that is drawn.
WATCH = """() => {
  const { view } = palimpsest
  window.noticed = { banners: [], scrolls: [], jump: 0 }
  let last = null
  const add = (list, value) => list.includes(value) || list.push(value)
  const look = () => {
    const banner = document.querySelector('.banner')
    if (banner && !banner.hidden) add(noticed.banners, banner.textContent)
    add(noticed.scrolls, Math.round(window.scrollY))
    const { top } = view.coordsAtPos(view.state.selection.main.head)
    noticed.jump = Math.max(noticed.jump, Math.abs(top - (last ?? top)))
    last = top
    requestAnimationFrame(look)
  }
  look()
}"""
SCROLL = """at => {
  const { view } = palimpsest
  const block = view.lineBlockAt(at)
  window.scrollTo(0, view.documentTop + window.scrollY + block.top - 150)
}"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("switching")
    with (
        postgres.running() as database,
        redis.running() as news,
        cluster(folder, PROCESSES, database, news) as running,
    ):
        yield running


def _moves(relay: Relay) -> int:
    """How often a socket came to another process than the one before."""
    pairs = zip(relay.sockets, relay.sockets[1:], strict=False)
    return sum(before != after for before, after in pairs)


async def _settle_at(page: Desk, at: int) -> None:
    """Put the caret there and bring it near the upper edge; then watch."""
    await page.place(at)
    await page.page.evaluate(SCROLL, at)
    await page.page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    await page.page.evaluate(WATCH)


@asynccontextmanager
async def _meanwhile(writer: Replica) -> AsyncIterator[None]:
    """For the length of a block write at the end of the article, far from anybody else."""

    async def write() -> None:
        while True:
            writer.append(MARK)
            await writer.until_stored()
            await asyncio.sleep(0.05)

    writing = asyncio.create_task(write())
    yield
    writing.cancel()
    await writer.until_stored()


@dataclass
class Scene:
    """A page behind the relay, and another person's page and program at the first process."""

    together: Cluster
    slug: str
    reader: Person
    writer: Person
    relay: Relay
    ada: Desk
    bob: Desk
    other: Replica
    typed: str = ""

    async def types(self, words: str) -> None:
        """Type on, and hold the caret to be behind what was typed."""
        await self.ada.page.keyboard.type(words, delay=PAUSE_MS)
        self.typed += words
        caret = await self.ada.page.evaluate("palimpsest.view.state.selection.main.head")
        assert caret == PLACE + len(self.typed)

    async def until_moved(self, before: int) -> None:
        """Wait until the page's next socket is there."""
        with anyio.fail_after(PATIENCE):
            while len(self.relay.sockets) == before:  # noqa: ASYNC110 - of another thread
                await asyncio.sleep(0.01)

    async def nothing_was_noticed(self) -> None:
        """Everything is everywhere once and in order, and the page has shown nothing odd."""
        marks = self.other.text.count(MARK)
        text = LINES[:PLACE] + self.typed + LINES[PLACE:] + MARK * marks
        for page in (self.ada, self.bob):
            await page.until_text(text)
        assert self.ada.person
        authors = [self.reader.id] * PLACE + [self.ada.person.id] * len(self.typed)
        authors += [self.reader.id] * (len(LINES) - PLACE) + [self.writer.id] * marks
        for page in (self.ada, self.bob):
            assert await page.authors() == authors
        for number in range(PROCESSES):
            assert self.together.api(number).authors(self.slug) == (text, authors)
        noticed = await self.ada.page.evaluate("noticed")
        assert noticed["banners"] == []
        assert len(noticed["scrolls"]) == 1
        assert noticed["jump"] < TWO_LINES  # where a line is full, the caret goes to the next


@asynccontextmanager
async def _scene(browser: Browser, together: Cluster) -> AsyncIterator[Scene]:
    api = together.api(0)
    reader, writer = api.somebody(), api.somebody()
    slug = api.make_article(reader, LINES)
    targets = [("127.0.0.1", process.port) for process in together.processes[1:]]
    with relaying(*targets) as relay:
        async with (
            desk(browser, f"http://127.0.0.1:{relay.port}", slug, f"Ada of {slug}") as ada,
            desk(browser, api.url, slug, f"Bob of {slug}") as bob,
            join(api.sync_url(slug, writer)) as other,
        ):
            await _settle_at(ada, PLACE)
            yield Scene(together, slug, reader, writer, relay, ada, bob, other)


async def test_a_person_types_through_twenty_switches_of_process(
    browser: Browser, together: Cluster
) -> None:
    chance = random.Random(1)
    async with _scene(browser, together) as scene:
        async with _meanwhile(scene.other):
            while _moves(scene.relay) < MOVES:
                before = len(scene.relay.sockets)
                words = WORDS[: chance.randint(8, len(WORDS))]
                typing = asyncio.create_task(scene.types(words))
                await asyncio.sleep(chance.uniform(0, PAUSE_MS * len(words) / 1000))
                scene.relay.cut()
                await scene.until_moved(before)
                await typing
        await scene.nothing_was_noticed()


@pytest.mark.parametrize("end", [Process.stop, Process.kill])
async def test_a_person_types_while_processes_are_replaced(
    browser: Browser, together: Cluster, end: Callable[[Process], None]
) -> None:
    async with _scene(browser, together) as scene:
        async with _meanwhile(scene.other):
            for process in together.processes[1:]:
                typing = asyncio.create_task(scene.types(WORDS * 3))
                await to_thread.run_sync(end, process)
                await typing
                await to_thread.run_sync(process.start)
        await scene.nothing_was_noticed()
    assert _moves(scene.relay) > 0
