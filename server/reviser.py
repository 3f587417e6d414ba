"""The reviser: makes one revision at a time, and tells loudly of those that are in doubt."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from anyio import to_thread

from crdt.errors import Refusal
from persistence.revisions import Revision
from persistence.store import Store
from server.digest import Wish, behind, revise
from server.digestlive import Seen, see
from server.framekeeping import keep_frames
from server.historian import Historian
from server.refusals import Busy
from server.rooms import Rooms
from server.telemetry import Telemetry

MOST_ASKING = 32  # the one whose turn it is among them
FRAMED_ROWS = 8_192  # in each round; a longer history is framed when somebody asks for it


class Made(NamedTuple):
    """What was looked at, and the revision; None when nothing had changed."""

    seq: int
    revision: Revision | None


class Reviser:
    """Has revisions made by a historian, from the log and from what is in memory."""

    def __init__(
        self, store: Store, rooms: Rooms, historian: Historian, telemetry: Telemetry, root: str
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._historian = historian
        self._telemetry = telemetry
        self._root = root
        self._turn = asyncio.Lock()
        self._asking = 0

    async def make(self, article: int, wish: Wish, seq: int | None = None) -> Made:
        """Make the revision that is wished, of the article as it is or as it was at `seq`.

        NotYet when the log does not reach to it; HistoryUnavailable, Busy, LogUnavailable.
        """
        async with self._in_turn():
            head, revised = await to_thread.run_sync(self._heads, article)
            if wish.reason != "named" and revised >= head:
                return Made(head, None)
            seen = await self._seen(article, seq)
            at = seq if seq is not None else seen.seq if seen else head
            revision = await self._historian.run(revise, self._root, article, at, wish, seen)
        if revision is not None:
            self._note(revision)
            await self._historian.run(keep_frames, article, FRAMED_ROWS)
        return Made(at, revision)

    async def behind(self) -> list[int]:
        """Give the articles that have moved since their latest revision, newest change first.

        HistoryUnavailable, Busy, LogUnavailable.
        """
        return await self._historian.run(behind)

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        if self._asking >= MOST_ASKING:
            raise Busy("Too many revisions are being made just now; please try again.")
        self._asking += 1
        try:
            async with self._turn:
                yield
        finally:
            self._asking -= 1

    def _heads(self, article: int) -> tuple[int, int]:
        """The last rows of the log, and of the latest revision."""
        revised = self._store.revisions.latest(article)
        return self._store.log.heads([article])[article], revised.seq if revised else 0

    async def _seen(self, article: int, seq: int | None) -> Seen | None:
        """What the live article is, if it is in memory, and at that seq."""
        room = self._rooms.open_rooms().get(article)
        if room is None or seq not in {None, room.head}:
            return None
        try:
            seen = await see(room)
        except Refusal as reason:
            self._telemetry.log.info(
                "A revision is not compared with memory.", article=article, why=str(reason)
            )
            return None
        return seen if seq in {None, seen.seq} else None

    def _note(self, revision: Revision) -> None:
        self._telemetry.revisions.labels(revision.reason).inc()
        if revision.doubt is not None:
            self._telemetry.doubts.inc()
            self._telemetry.log.error(
                "A revision is in doubt: text or authors differ, by where they come from.",
                article=revision.article,
                number=revision.number,
                seq=revision.seq,
                differs=revision.doubt,
            )
