"""The opener: makes rooms, and the live articles in them, from the store."""

from collections.abc import Callable, Iterable
from functools import partial
from time import monotonic

from anyio import CapacityLimiter, to_thread

from crdt.livearticle import LiveArticle
from persistence.store import Store
from server.audience import Audience
from server.limits import presence_limits
from server.loading import load
from server.news import Shown
from server.parking import Parking
from server.room import Room
from server.settings import Settings
from server.slate import NoSlate
from server.telemetry import Telemetry

LOADS_AT_ONCE = 4  # each is work for the one interpreter: more only take turns with the loop


class Opener:
    """Makes rooms that are equal but for their article."""

    def __init__(
        self, store: Store, settings: Settings, telemetry: Telemetry, slate: NoSlate
    ) -> None:
        self._store = store
        self._settings = settings
        self._telemetry = telemetry
        self._slate = slate
        self._loads = CapacityLimiter(LOADS_AT_ONCE)

    async def live(self, article: int) -> LiveArticle:
        """Load the live article as it is at the head of the log. LogUnavailable."""
        settings = self._settings
        read = partial(load, self._store, article, settings.root_name, settings.claims_per_author)
        return await to_thread.run_sync(read, limiter=self._loads)

    async def room(
        self,
        article: int,
        wake: Callable[[Room], None],
        look: Callable[[Room], bool],
        tell: Callable[[Iterable[Shown]], None],
    ) -> Room:
        """Open the article's room; see Room and Audience for what these are. LogUnavailable."""
        live = await self.live(article)
        named = live.ledger.authors()
        authors = await to_thread.run_sync(self._store.authors.many, named)
        limits = presence_limits(self._settings)
        audience = Audience(live.ownership, limits, authors, self._telemetry, tell)
        self._telemetry.rooms.inc()
        return Room(article, live, audience, self._parking(), wake, self._slate, look)

    def _parking(self) -> Parking:
        settings = self._settings
        return Parking(
            settings.parked_updates,
            settings.parked_bytes,
            settings.parked_seconds,
            monotonic,
            self._telemetry.parked,
        )
