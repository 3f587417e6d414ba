import asyncio
from threading import Event

import pytest

from persistence.store import MemoryStore, Store
from server import framing
from server.framing import Framing
from server.historian import Historian
from server.settings import Settings
from server.telemetry import Telemetry


class Jobs:
    """Stands for making frames: counts the jobs, each of which waits to be let go."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.go_on = Event()

    def keep(self, _store: Store, article: int, _rows: int) -> int:
        self.begun.append(article)
        assert self.go_on.wait(30)
        if article < 0:
            raise LookupError(article)
        return 64


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Jobs:
    jobs = Jobs()
    monkeypatch.setattr(framing, "keep_frames", jobs.keep)
    return jobs


def _historian(settings: Settings, store: MemoryStore) -> Historian:
    return Historian(settings, Telemetry(), store, 60.0)


async def test_whoever_asks_at_once_waits_for_one_job(
    settings: Settings, store: MemoryStore, jobs: Jobs
) -> None:
    async with _historian(settings, store) as historian:
        kept = Framing(historian)
        asked = [asyncio.create_task(kept.keep(1)) for _ in range(3)]
        await asyncio.sleep(0)
        jobs.go_on.set()
        assert await asyncio.gather(*asked) == [64, 64, 64]
        assert jobs.begun == [1]
        assert await kept.keep(1) == 64
        assert jobs.begun == [1, 1]


async def test_a_job_goes_on_when_somebody_has_gone(
    settings: Settings, store: MemoryStore, jobs: Jobs
) -> None:
    async with _historian(settings, store) as historian:
        kept = Framing(historian)
        gone, here = (asyncio.create_task(kept.keep(1)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        jobs.go_on.set()
        assert await here == 64
        assert jobs.begun == [1]


async def test_a_failure_is_told_and_the_next_one_tries_again(
    settings: Settings, store: MemoryStore, jobs: Jobs
) -> None:
    jobs.go_on.set()
    async with _historian(settings, store) as historian:
        kept = Framing(historian)
        for _ in range(2):
            with pytest.raises(LookupError):
                await kept.keep(-1)
    assert jobs.begun == [-1, -1]
