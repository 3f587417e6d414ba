import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from persistence.errors import LogUnavailable
from server.storage import FIRST_WAIT, MOST_WAIT, Storage
from server.telemetry import Telemetry
from tests.support.live import until


@dataclass
class Trials:
    """A storage whose trials go as the test says, and whose waits take no time."""

    errors: list[Exception] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    recoveries: int = 0
    telemetry: Telemetry = field(default_factory=Telemetry)

    async def check(self) -> None:
        if self.errors:
            raise self.errors.pop(0)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def recovered(self) -> None:
        self.recoveries += 1

    def gauge(self) -> float | None:
        return self.telemetry.registry.get_sample_value("palimpsest_storage_ok")

    @asynccontextmanager
    async def run(
        self, sleep: Callable[[float], Awaitable[None]] | None = None
    ) -> AsyncIterator[Storage]:
        telemetry = self.telemetry
        async with Storage(self.check, self.recovered, telemetry, sleep or self.sleep) as storage:
            yield storage


async def _for_ever(_seconds: float) -> None:
    await asyncio.Future()


async def test_it_is_in_order_at_first() -> None:
    trials = Trials()
    async with trials.run() as storage:
        assert storage.ok
        assert trials.gauge() == 1


async def test_while_it_is_out_of_order_people_are_told_why() -> None:
    trials = Trials()
    async with trials.run(_for_ever) as storage:
        storage.failed("the disk is full")
        assert not storage.ok
        assert trials.gauge() == 0
        assert storage.refusal.reason == (
            "storage-unavailable: Your edits cannot be stored just now (the disk is full); they"
            " stay with you and will be stored as soon as possible."
        )


async def test_a_trial_that_succeeds_ends_it() -> None:
    trials = Trials()
    async with trials.run() as storage:
        storage.failed("the disk is full")
        await until(lambda: trials.recoveries)
        assert storage.ok
        assert trials.gauge() == 1
        assert trials.waits == [FIRST_WAIT]


async def test_trials_go_on_ever_more_rarely_and_the_reason_is_the_newest() -> None:
    trials = Trials([LogUnavailable("x", "the disk reports errors")] * 5)
    whys = []

    async def sleep(seconds: float) -> None:
        trials.waits.append(seconds)
        whys.append(storage._why)

    async with trials.run(sleep) as storage:
        storage.failed("the disk is full")
        await until(lambda: trials.recoveries)
    assert trials.waits == [FIRST_WAIT, 0.5, MOST_WAIT, MOST_WAIT, MOST_WAIT, MOST_WAIT]
    assert whys == ["the disk is full", *["the disk reports errors"] * 5]


async def test_our_own_mistake_does_not_end_the_trials() -> None:
    trials = Trials([RuntimeError("ours")])
    async with trials.run() as storage:
        storage.failed("the disk is full")
        await until(lambda: trials.recoveries)
        assert storage.ok


async def test_where_trials_succeed_and_commits_do_not_the_waits_grow() -> None:
    trials = Trials()
    async with trials.run() as storage:
        for times in range(1, 5):
            storage.failed("the disk is full")
            await until(lambda times=times: trials.recoveries == times)
        assert trials.waits == [FIRST_WAIT, 0.5, MOST_WAIT, MOST_WAIT]
        storage.worked()
        storage.failed("the disk is full")
        await until(lambda: trials.recoveries == 5)
        assert trials.waits[-1] == FIRST_WAIT


async def test_leaving_ends_the_trials() -> None:
    trials = Trials()
    async with trials.run(_for_ever) as storage:
        storage.failed("the disk is full")
    assert storage._task.done()
    assert not trials.recoveries
