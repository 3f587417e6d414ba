"""Framing: frames that an answer needs are made by the historian, once, however many ask."""

import asyncio

from server.framekeeping import keep_frames
from server.historian import Historian

ROWS_AT_ONCE = 8_192  # in one job, so that others get their turn between


class Framing:
    """Lets the historian keep frames, one article's by one job at a time."""

    def __init__(self, historian: Historian) -> None:
        self._historian = historian
        self._jobs: dict[int, asyncio.Task[int]] = {}

    async def keep(self, article: int) -> int:
        """Have the next frames of an article made; return the last row that is in one.

        Busy, HistoryUnavailable, ShuttingDown.
        """
        job = self._jobs.get(article)
        if job is None:
            job = asyncio.create_task(self._historian.run(keep_frames, article, ROWS_AT_ONCE))
            self._jobs[article] = job
            job.add_done_callback(lambda job: self._done(article, job))
        return await asyncio.shield(job)

    def _done(self, article: int, job: "asyncio.Task[int]") -> None:
        del self._jobs[article]
        if not job.cancelled():
            job.exception()  # whoever asked may have gone
