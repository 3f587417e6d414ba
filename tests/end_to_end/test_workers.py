"""Several workers behind one address: who comes is spread, and one that ends is nobody else's."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import anyio
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.support import node, serving
from tests.support.crowd import crowd
from tests.support.replica import join
from tests.support.rest import Api
from tests.support.spoilt.sitecustomize import DIE
from tests.support.workers import Crew, crew

SPOILT = Path(serving.__file__).parent / "spoilt"
WORKERS = 3
GUESTS = 90


@asynccontextmanager
async def _guests(api: Api, slug: str, number: int) -> AsyncIterator[list[ClientConnection]]:
    """Let so many readers in at once."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(connect(api.sync_url(slug, None)))
            for _ in range(number)
        ]


async def _until_in(here: Crew, number: int) -> list[int]:
    with anyio.fail_after(60):
        while sum(counts := here.members()) != number:  # noqa: ASYNC110 - of another process
            await anyio.sleep(0.05)
    return counts


def _open(guests: list[ClientConnection]) -> list[ClientConnection]:
    return [each for each in guests if each.close_code is None]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """Workers that hang and die of certain words."""
    monkeypatch.setenv("PYTHONPATH", str(SPOILT), prepend=os.pathsep)
    with crew(tmp_path / "data", WORKERS, stall_seconds=2) as running:
        yield running


async def test_who_comes_is_spread_over_the_workers(here: Crew) -> None:
    slug = here.api.make_article(here.api.somebody())
    async with _guests(here.api, slug, GUESTS):
        counts = await _until_in(here, GUESTS)
    assert min(counts) > GUESTS / WORKERS / 3


@pytest.mark.parametrize(
    ("blow", "reason"), [(signal.SIGKILL, "died"), (signal.SIGSTOP, "stalled")]
)
async def test_a_worker_that_ends_takes_nobody_elses_connections_with_it(
    here: Crew, blow: signal.Signals, reason: str
) -> None:
    slug = here.api.make_article(here.api.somebody())
    async with _guests(here.api, slug, GUESTS) as guests:
        counts = await _until_in(here, GUESTS)
        os.kill(here.process_of(1), blow)
        async with _guests(here.api, slug, GUESTS) as more:  # nobody is refused meanwhile
            await here.until_said(serving.REPLACED.decode())
            with anyio.fail_after(60):
                while len(_open(guests)) != GUESTS - counts[1]:  # noqa: ASYNC110 - the same
                    await anyio.sleep(0.02)
            assert here.workers[1].http.get("/healthz").is_success  # the next one answers
            assert len(_open(guests)) == GUESTS - counts[1]
            now = await _until_in(here, len(_open(guests)) + len(_open(more)))
            assert [now[seat] >= counts[seat] for seat in (0, 2)] == [True, True]
    restarts = [
        each.metric("palimpsest_worker_restarts_total", reason=reason) for each in here.workers
    ]
    assert restarts == [0, 1, 0]


async def test_what_ends_a_worker_ends_each_of_the_others_once_at_most(
    here: Crew,
) -> None:
    eve = here.api.somebody()
    slug = here.api.make_article(eve)
    async with join(here.api.sync_url(slug, eve)) as attack:
        attack.append(DIE.decode())
        await attack.until(lambda: attack.closed)
        doc = attack.doc
    with anyio.fail_after(60):
        while True:  # as a client does that comes back with what it wrote
            async with join(here.api.sync_url(slug, eve), doc=doc) as again:
                await again.until(lambda: again.refusals or again.closed)
                if again.refusals:
                    break
    assert again.refusals[0].startswith(("quarantined: ", "too-entangled: "))
    assert here.server.replaced <= WORKERS
    async with join(here.api.sync_url(slug, here.api.somebody())) as other:
        other.append("Others go on.")
        await other.until(lambda: other.received.covers(other.made[-1].inserted, []))


@pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")
async def test_nobody_loses_an_edit_while_workers_are_killed_in_turn(here: Crew) -> None:
    async with crowd(here.api, 6) as people:
        async with people.writing():
            for seat in range(WORKERS):
                os.kill(here.process_of(seat), signal.SIGKILL)
                await here.until_said(serving.REPLACED.decode(), seat + 1)
                assert here.workers[seat].http.get("/healthz").is_success  # the next one answers
        await people.check()


async def test_what_is_written_at_one_is_read_at_the_others(here: Crew) -> None:
    ada = here.api.somebody()
    slug = here.api.make_article(ada)
    async with AsyncExitStack() as stack:
        readers = [
            await stack.enter_async_context(join(each.sync_url(slug, ada))) for each in here.workers
        ]
        for times, writer in enumerate(readers, 1):
            writer.append("Words. ")
            for reader in readers:
                await reader.until(lambda: reader.text == "Words. " * times)  # noqa: B023 - awaited
        for each in here.workers:
            text, authors = each.authors(slug)
            assert (text, set(authors)) == ("Words. " * WORKERS, {ada.id})
