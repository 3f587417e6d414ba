import asyncio
from typing import Any

import anyio
import pytest

from persistence.log import LogUnavailable
from server import catchup
from server.catchup import catch_up
from tests.support import wire
from tests.support.live import Guest, House, house


async def _lagging(here: House, **more: Any) -> tuple[Guest, Guest]:
    """A writer, and a reader that has stopped reading."""
    article = here.article()
    ada = await here.guest(article, here.ada)
    slow = await here.guest(article, None, outbox_bytes=500, **more)
    for number in range(40):
        await ada.stored(f"line {number} with some words\n")
        await ada.read()
    assert slow.member.outbox.lagging
    return ada, slow


async def test_a_slow_reader_gets_what_it_missed_from_the_log_and_then_each_turn() -> None:
    async with house() as here:
        ada, slow = await _lagging(here)
        await catch_up(here.store, slow.room, slow.member, slow.receive_frames)
        assert slow.text == ada.text
        assert not slow.member.outbox.lagging
        ada.type("and on")
        await slow.until(lambda: slow.text == ada.text)


async def test_rows_come_in_order_each_after_its_attribution() -> None:
    async with house() as here:
        _, slow = await _lagging(here, attribution=True)
        slow.frames.clear()
        await catch_up(here.store, slow.room, slow.member, slow.receive_frames)
        kinds = [frame[0] for frame in slow.frames]
        assert kinds == [wire.ATTRIBUTION, wire.SYNC] * (len(kinds) // 2)
        seqs = [_seq(frame) for frame in slow.frames if frame[0] == wire.ATTRIBUTION]
        assert seqs == list(range(seqs[0], slow.room.head + 1))


def _seq(frame: bytes) -> int:
    reader = wire.Reader(frame)
    reader.uint()
    return reader.uint()


async def test_a_reader_that_takes_nothing_holds_up_nobody_and_no_memory() -> None:
    async with house() as here:
        ada, slow = await _lagging(here)
        never = asyncio.Event()

        async def stuck(_frame: bytes) -> None:
            await never.wait()

        catching_up = asyncio.create_task(catch_up(here.store, slow.room, slow.member, stuck))
        for number in range(20):
            await ada.stored(str(number))
            await ada.read()
        assert slow.pending() == 0
        catching_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await catching_up


async def test_what_is_written_while_it_catches_up_is_not_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catchup, "ROWS_AT_ONCE", 3)
    async with house() as here:
        ada, slow = await _lagging(here)
        more = iter(range(10))

        async def receive(frame: bytes) -> None:
            await slow.receive_frames(frame)
            if next(more, None) is not None:
                await ada.stored("meanwhile ")

        await catch_up(here.store, slow.room, slow.member, receive)
        await slow.read()
        assert slow.text == ada.text


async def test_a_join_that_was_asked_while_lagging_is_answered_afterwards() -> None:
    async with house() as here:
        ada, slow = await _lagging(here)
        slow.join()
        slow.frames.clear()
        await catch_up(here.store, slow.room, slow.member, slow.receive_frames)
        await slow.read()
        steps = [frame[1] for frame in slow.frames if frame[0] == wire.SYNC]
        assert steps[-1] == wire.STEP_2
        assert slow.text == ada.text


async def test_trouble_with_the_log_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house() as here:
        _, slow = await _lagging(here)

        def fails(*_: object) -> None:
            raise LogUnavailable("the disk")

        monkeypatch.setattr(catchup, "_page", fails)
        with pytest.raises(LogUnavailable), anyio.fail_after(30):
            await catch_up(here.store, slow.room, slow.member, slow.receive_frames)
