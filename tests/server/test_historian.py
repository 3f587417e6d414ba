"""The historian: jobs are done beside the server, whatever becomes of the process."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from persistence.errors import UnknownArticle
from persistence.store import MemoryStore
from server import historian
from server.colours import Palette
from server.historian import Historian
from server.newcomers import Newcomers
from server.opening import open_database
from server.refusals import Busy, HistoryUnavailable, ShuttingDown
from server.settings import Settings
from server.telemetry import Telemetry
from tests.support import jobs
from tests.support.live import until


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "data")
    open_database(settings).close()
    return settings


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
async def asked(settings: Settings, telemetry: Telemetry) -> AsyncIterator[Historian]:
    async with Historian(settings, telemetry, None, 60.0) as asked:
        yield asked


def _gone(process: int) -> bool:
    """Whether a process has ended, collected by its parent or not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] in "ZX"
    except FileNotFoundError:
        return True


def _wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30.0
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


async def test_jobs_are_done_in_one_niced_process_that_stays(asked: Historian) -> None:
    first, second = await asked.run(jobs.whereabouts), await asked.run(jobs.whereabouts)
    assert first == second
    process, niceness, _ = first
    assert process != os.getpid()
    assert niceness == os.nice(0) + 10


async def test_a_job_sees_the_settings_database(asked: Historian, settings: Settings) -> None:
    store = open_database(settings)
    ada = Newcomers(store.authors, Palette(0)).make("Ada")
    store.articles.create("x", "x", ada.id, at=ada.created)
    store.close()
    assert await asked.run(jobs.slugs) == ["x"]


async def test_arguments_go_there_and_results_come_back(asked: Historian) -> None:
    assert await asked.run(jobs.add, 1) == 2
    assert await asked.run(jobs.add, 1, other=5) == 6
    assert len(await asked.run(jobs.many, 20_000)) == 20_000


async def test_a_refusal_is_the_callers(asked: Historian) -> None:
    with pytest.raises(UnknownArticle, match="no such article") as caught:
        await asked.run(jobs.refuse)
    assert "in refuse" in "".join(caught.value.__notes__)


async def test_an_exception_that_cannot_cross_is_described(asked: Historian) -> None:
    with pytest.raises(RuntimeError, match="1 and 2"):
        await asked.run(jobs.fail_oddly)
    assert await asked.run(jobs.add, 1) == 2


async def test_what_a_job_prints_is_not_an_answer(asked: Historian) -> None:
    assert await asked.run(jobs.chatter) == 7


async def test_a_job_that_ends_its_process_is_refused_and_the_next_has_a_new_one(
    asked: Historian, telemetry: Telemetry
) -> None:
    before, *_ = await asked.run(jobs.whereabouts)
    with pytest.raises(HistoryUnavailable):
        await asked.run(jobs.die)
    after, *_ = await asked.run(jobs.whereabouts)
    assert after != before
    assert telemetry.historians_lost._value.get() == 1


async def test_a_process_that_was_killed_between_two_jobs_is_replaced(asked: Historian) -> None:
    before, *_ = await asked.run(jobs.whereabouts)
    os.kill(before, 9)
    child = asked._child
    assert child is not None
    await until(lambda: child.returncode is not None)
    assert (await asked.run(jobs.whereabouts))[0] != before


async def test_a_process_without_work_ends_until_there_is_some(
    settings: Settings, telemetry: Telemetry
) -> None:
    restless = settings.model_copy(update={"historian_idle_seconds": 0.001})
    async with Historian(restless, telemetry, None, 60.0) as asked:
        first, *_ = await asked.run(jobs.whereabouts)
        await until(lambda: _gone(first))
        assert (await asked.run(jobs.whereabouts))[0] != first
    assert telemetry.historians_lost._value.get() == 0


async def test_a_job_that_takes_too_long_is_ended(
    settings: Settings, telemetry: Telemetry, tmp_path: Path
) -> None:
    async with Historian(settings, telemetry, None, 1.0) as asked:
        with pytest.raises(HistoryUnavailable, match="too long"):
            await asked.run(jobs.hang, tmp_path / "sign")
        sign = tmp_path / "sign"  # on a busy machine it may not have begun
        assert not sign.exists() or _gone(int(sign.read_text()))


async def test_too_many_jobs_are_refused(
    asked: Historian, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(historian, "MOST_JOBS", 2)
    waiting = [asyncio.create_task(asked.run(jobs.hang, tmp_path / name)) for name in "ab"]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await asked.run(jobs.add, 1)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def test_whoever_goes_away_does_not_spoil_the_next_answer(asked: Historian) -> None:
    gone = asyncio.create_task(asked.run(jobs.add, 100))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await asked.run(jobs.add, 1) == 2


async def test_leaving_ends_the_process_and_refuses_what_waits(
    settings: Settings, telemetry: Telemetry, tmp_path: Path
) -> None:
    sign = tmp_path / "sign"
    async with Historian(settings, telemetry, None, 60.0) as asked:
        waiting = asyncio.create_task(asked.run(jobs.hang, sign))
        await until(lambda: sign.exists() and sign.read_text())
    assert _gone(int(sign.read_text()))
    with pytest.raises(ShuttingDown):
        await waiting


async def test_a_store_in_memory_is_asked_in_a_thread(
    settings: Settings, telemetry: Telemetry, newcomers: Newcomers, store: MemoryStore
) -> None:
    ada = newcomers.make("Ada")
    store.articles.create("kept-here", "x", ada.id, at=ada.created)
    async with Historian(settings, telemetry, store, 60.0) as asked:
        process, _, thread = await asked.run(jobs.whereabouts)
        assert process == os.getpid()
        assert thread != "MainThread"
        assert await asked.run(jobs.slugs) == ["kept-here"]


PARENT = """
import asyncio, sys
from pathlib import Path
from server.historian import Historian
from server.settings import Settings
from server.telemetry import Telemetry
from tests.support import jobs

async def main():
    settings = Settings(data_dir=Path(sys.argv[1]))
    async with Historian(settings, Telemetry(), None, 60.0) as asked:
        await asked.run(jobs.hang, Path(sys.argv[2]))

asyncio.run(main())
"""


def test_it_ends_with_the_server_though_that_is_killed_in_the_middle_of_a_job(
    settings: Settings, tmp_path: Path
) -> None:
    sign = tmp_path / "sign"
    command = [sys.executable, "-c", PARENT, str(settings.data_dir), str(sign)]
    parent = subprocess.Popen(command)
    try:
        _wait(lambda: sign.exists() and sign.read_text())
        child = int(sign.read_text())
        assert not _gone(child)
    finally:
        parent.kill()
        parent.wait()
    _wait(lambda: _gone(child))
