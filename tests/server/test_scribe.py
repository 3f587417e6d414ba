"""server/scribe.py: work in order on a thread of its own, and what it raises."""

import threading

import pytest

from server.scribe import Scribe


async def test_work_is_done_in_order_on_one_other_thread() -> None:
    done: list[tuple[int, int]] = []
    async with Scribe() as scribe:
        for number in range(5):
            asked = scribe.do(lambda n: done.append((n, threading.get_ident())), number)
        await asked
    assert [number for number, _ in done] == list(range(5))
    assert len({thread for _, thread in done} - {threading.get_ident()}) == 1


async def test_what_work_raises_comes_to_whoever_waits_and_the_next_is_done() -> None:
    def fails() -> None:
        raise OSError("no disk")

    async with Scribe() as scribe:
        failing, working = scribe.do(fails), scribe.do(lambda: None)
        with pytest.raises(OSError, match="no disk"):
            await failing
        await working


async def test_leaving_waits_for_what_was_asked() -> None:
    done: list[int] = []
    async with Scribe() as scribe:
        begin = threading.Event()
        scribe.do(begin.wait)
        scribe.do(done.append, 1)
        begin.set()
    assert done == [1]


async def test_who_has_gone_is_not_told_and_disturbs_nobody() -> None:
    async with Scribe() as scribe:
        begin = threading.Event()
        scribe.do(begin.wait)
        gone = scribe.do(lambda: None)
        gone.cancel()
        begin.set()
        await scribe.do(lambda: None)
    assert gone.cancelled()
