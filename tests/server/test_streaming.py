import asyncio

import pytest

from crdt.cuts import ROWS, Piece, cuts
from crdt.frames import RUN, run_length
from persistence.articles import Article
from persistence.store import MemoryStore
from server import framing, streaming
from server.framekeeping import keep_frames
from server.framing import Framing
from server.historian import Historian
from server.replaying import Replay
from server.settings import Settings
from server.streaming import SLICE, SMALL, Streaming, slices
from server.telemetry import Telemetry
from tests.support import longarticle, planting

HEAD = 1_000


@pytest.fixture
def article(store: MemoryStore) -> Article:
    return planting.plant(store, longarticle.write(HEAD))


def _cost(number: int) -> int:
    return number


def test_a_slice_ends_where_it_costs_enough() -> None:
    half = SLICE // 2
    found = list(slices([half, half - 1, 1, 3 * SLICE, 1, 1], _cost))
    assert found == [[half, half - 1, 1], [3 * SLICE], [1, 1]]
    assert list(slices([], _cost)) == []


def test_a_large_frame_costs_more_than_a_small_one_and_a_row_as_much_as_that() -> None:
    def cost(level: int, rows: int) -> int:
        return streaming._cost(Piece(level, 0, rows))

    assert cost(0, run_length(0)) == cost(1, run_length(1)) == cost(ROWS, 1) == 1
    assert cost(4, run_length(4)) > run_length(4) // SMALL
    assert cost(ROWS, RUN) == RUN


@pytest.mark.parametrize("most", [1, 7, 1_000])
@pytest.mark.parametrize("size", [1, 100, 10**9])
async def test_the_bytes_do_not_depend_on_the_slices(
    settings: Settings,
    store: MemoryStore,
    article: Article,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    size: int,
) -> None:
    kept = keep_frames(store, article.id)
    planned = cuts(0, HEAD, most, kept)
    whole = Replay(store, article.id)
    pieces = [piece for cut in planned for piece in cut.pieces]
    expected = b"".join(whole.encode(planned, whole.read(pieces)))
    monkeypatch.setattr(streaming, "SLICE", size)
    monkeypatch.setattr(streaming, "CHUNK", size)
    async with Historian(settings, Telemetry(), store, 60.0) as historian:
        sent = Streaming(article.id, Replay(store, article.id), Framing(historian), kept)
        assert b"".join([chunk async for chunk in sent.send(planned)]) == expected


async def test_the_beginning_is_sent_while_the_rest_is_made(
    settings: Settings, store: MemoryStore, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framing, "ROWS_AT_ONCE", RUN)
    monkeypatch.setattr(streaming, "SLICE", 1)
    planned = cuts(0, HEAD, HEAD, HEAD - HEAD % RUN)
    async with Historian(settings, Telemetry(), store, 60.0) as historian:
        sent = Streaming(article.id, Replay(store, article.id), Framing(historian), 0)
        kept = [store.frames.last(article.id, 0) async for chunk in sent.send(planned) if chunk]
    assert kept == [*range(RUN, HEAD, RUN), HEAD - HEAD % RUN]


async def test_others_have_a_turn_between_two_chunks(
    settings: Settings, store: MemoryStore, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "CHUNK", 1)
    planned = cuts(0, HEAD, 1, keep_frames(store, article.id))
    turns: list[int] = []

    async def others() -> None:
        while True:
            turns.append(len(turns))
            await asyncio.sleep(0)

    async with Historian(settings, Telemetry(), store, 60.0) as historian:
        sent = Streaming(article.id, Replay(store, article.id), Framing(historian), HEAD)
        task = asyncio.create_task(others())
        seen = [len(turns) async for _ in sent.send(planned)]
        task.cancel()
    assert sorted(set(seen)) == seen
