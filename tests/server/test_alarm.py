import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing
from time import monotonic

import pytest
import uvloop

from server import alarm as module
from server.alarm import ExactTimer, Set, alarm

LOOPS = pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
NewLoop = Callable[[], asyncio.AbstractEventLoop]


def nothing_exact(*_: object) -> None:
    raise NotImplementedError


@pytest.fixture(params=["exact", "the loop's own"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "the loop's own":
        monkeypatch.setattr(module, "ExactTimer", nothing_exact)


def heard(new_loop: NewLoop, act: Callable[[Set, list[float]], Awaitable[None]]) -> list[float]:
    """Give when an alarm rang, to which `act` was done; for a while after it was put away, too."""
    rings: list[float] = []

    async def main() -> None:
        with alarm(lambda: rings.append(monotonic())) as set_it:
            await act(set_it, rings)
        await asyncio.sleep(0.05)

    run(new_loop, main())
    return rings


def run(new_loop: NewLoop, main: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main)


@LOOPS
@pytest.mark.usefixtures("_way")
def test_it_rings_once_and_not_too_early(new_loop: NewLoop) -> None:
    async def wait(set_it: Set, rings: list[float]) -> None:
        for seconds in (0.0012, 0.02):
            rings.clear()
            begun = monotonic()
            set_it(seconds)
            await asyncio.sleep(seconds + 0.1)
            assert len(rings) == 1
            assert rings[0] >= begun + seconds - 0.002  # loops round to milliseconds

    assert len(heard(new_loop, wait)) == 1


@LOOPS
@pytest.mark.usefixtures("_way")
def test_only_the_last_time_counts(new_loop: NewLoop) -> None:
    async def change(set_it: Set, rings: list[float]) -> None:
        set_it(0.001)
        set_it(30.0)
        await asyncio.sleep(0.05)
        assert not rings
        set_it(0.001)
        await asyncio.sleep(0.05)

    assert len(heard(new_loop, change)) == 1


@LOOPS
@pytest.mark.usefixtures("_way")
def test_what_was_put_away_does_not_ring(new_loop: NewLoop) -> None:
    async def leave(set_it: Set, _rings: list[float]) -> None:
        set_it(0.001)

    assert not heard(new_loop, leave)


@LOOPS
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has timer files")
def test_on_linux_it_is_exact(new_loop: NewLoop) -> None:
    """Never early, which a timer of whole milliseconds is as often as it is late."""

    async def ring() -> None:
        rung = asyncio.Event()
        with closing(ExactTimer(asyncio.get_running_loop(), rung.set)) as timer:
            for _ in range(20):
                rung.clear()
                begun = monotonic()
                timer.set(0.0017)
                await rung.wait()
                assert monotonic() >= begun + 0.0017

    run(new_loop, ring())
