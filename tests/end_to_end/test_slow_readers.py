"""Readers that stop reading: each costs its outbox, for its time; nobody else notices."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from tests.soak.rawsocket import RawSocket, dial
from tests.support import serving, wire
from tests.support.live import until
from tests.support.replica import Replica, join
from tests.support.rest import Api
from tests.support.returning import resident_bytes

OUTBOX = 64 * 1024
MOST_BYTES = 10 * 2**20
READERS = 10
WORDS = "Some words that nobody fetches. " * 1_000
MOST_ROWS = 200  # of these words: more than what the sockets of all systems hold
KEYS = 200  # whose echoes are timed
PEOPLE = list(range(1, 9))  # client ids, as many as one connection may show
SHOWN = "x" * 3_900  # nearly as much as each may show
SHOWINGS = 1_000  # of all of them
RATES = ("messages_per_second", "bytes_per_second")
UNLIMITED = {f"{who}_{rate}": 0 for who in ("author", "address") for rate in RATES}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    data = tmp_path_factory.mktemp("slow") / "data"
    with serving.running(
        data, outbox_bytes=OUTBOX, slow_reader_seconds=600, **UNLIMITED
    ) as running:
        yield running


@asynccontextmanager
async def _not_reading(url: str) -> AsyncIterator[RawSocket]:
    """Somebody who has joined and stops reading."""
    reader = await dial(url, lambda _: None, buffer=4096)
    reader.send(wire.sync(wire.STEP_1, b"\0"))
    reader.transport.pause_reading()
    try:
        yield reader
    finally:
        await reader.end()


async def _write(writer: Replica, words: str) -> float:
    """Write, and wait for the receipt; give the seconds that it took."""
    began = monotonic()
    writer.append(words)
    await writer.until_stored()
    return monotonic() - began


async def _write_until_full(api: Api, writer: Replica, readers: int) -> None:
    """Write until the outboxes of so many readers are full."""
    before = api.metric("palimpsest_overflowed_total")
    for _ in range(MOST_ROWS):
        await _write(writer, WORDS)
        if api.metric("palimpsest_overflowed_total") == before + readers:
            return
    raise AssertionError("the outboxes never are full")


async def _latencies(writer: Replica) -> list[float]:
    return sorted([await _write(writer, "x") for _ in range(KEYS)])


async def test_readers_that_stop_reading_are_not_felt_by_the_others(api: Api) -> None:
    ada = api.somebody()
    url = api.sync_url(api.make_article(ada), ada)
    async with join(url) as writer, AsyncExitStack() as stack:
        await _write_until_full(api, writer, 0)
        alone = await _latencies(writer)
        for _ in range(READERS):
            await stack.enter_async_context(_not_reading(url))
        await _write_until_full(api, writer, READERS)
        beside = await _latencies(writer)
    most = KEYS * 99 // 100
    assert beside[most] < 2 * alone[most] + 0.05


async def test_a_reader_that_takes_nothing_costs_its_outbox_and_no_more(tmp_path: Path) -> None:
    """Presence is in no log and no document: whoever kept it would hold 30 MiB in the end."""
    with serving.running(tmp_path / "data", slow_reader_seconds=600, **UNLIMITED) as server:
        api = Api(server.url)
        ada = api.somebody()
        url = api.sync_url(api.make_article(ada), ada)
        async with join(url) as shows, _not_reading(url), _not_reading(url):
            before = peak = resident_bytes(server.worker)
            for clock in range(1, SHOWINGS + 1):
                shows.send(wire.awareness(*((client, clock, {"x": SHOWN}) for client in PEOPLE)))
                frames = shows.frames
                await shows.until(lambda frames=frames: shows.frames > frames)
                peak = max(peak, resident_bytes(server.worker))
        api.close()
    assert peak - before < MOST_BYTES


async def test_a_reader_that_takes_nothing_is_cut_off_in_time(tmp_path: Path) -> None:
    with serving.running(tmp_path / "data", slow_reader_seconds=1, **UNLIMITED) as server:
        api = Api(server.url)
        ada = api.somebody()
        url = api.sync_url(api.make_article(ada), ada)
        async with join(url) as writer, _not_reading(url):
            for _ in range(MOST_ROWS):
                await _write(writer, WORDS)
                if api.metric("palimpsest_left_total", how="stalled"):
                    break
            await until(lambda: api.metric("palimpsest_left_total", how="stalled"), 20)
            assert writer.closed is None
        api.close()


async def test_a_reader_that_reads_again_has_all_of_it(api: Api) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    url = api.sync_url(slug, ada)
    plain = api.sync_url(slug, None, attribution=False)
    async with join(url) as writer, AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(join(plain)) for _ in range(READERS)]
        for reader in readers:
            reader._socket.transport.pause_reading()
        await _write_until_full(api, writer, READERS)
        for reader in readers:
            reader._socket.transport.resume_reading()
        for each in readers:
            await each.until(lambda each=each: each.doc.get_state() == writer.doc.get_state())
        assert all(each.text == writer.text for each in readers)
        assert all(each.closed is None for each in readers)
