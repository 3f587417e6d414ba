"""A serving process of a run: the real rooms, and what the world does to their process."""

import asyncio
import sys
from contextvars import copy_context
from functools import lru_cache
from itertools import count
from typing import Any, cast

from persistence.articles import Article
from persistence.authors import Author
from persistence.errors import LogUnavailable
from server.admission import Visitor
from server.auth import Identity
from server.oversized import Oversized
from server.quarantine import Quarantine
from server.rates import Rates
from server.rooms import Rooms
from server.settings import Settings
from server.telemetry import Telemetry
from server.upgrade import EXTENSION
from server.websocket import _connect
from tests.simulation.faultybus import FaultyBus
from tests.simulation.link import Link
from tests.simulation.screening import OnTheLoop
from tests.simulation.standins import HERE, monotonic
from tests.simulation.storage import Way

FAR = 1e11  # Unix seconds; no token expires before
WORK = 0.003  # mean seconds of a piece of work in a thread


class Watched(Telemetry):
    """Telemetry that keeps the faults that are nobody's but ours."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def fault(self, event: str) -> None:
        if not isinstance(sys.exception(), LogUnavailable):
            self.faults.append(f"{event} {sys.exception()!r}")


@lru_cache
def telemetry(_number: int) -> Watched:
    """Give one for each process; making it takes longer than a whole run."""
    return Watched()


class Process:
    """One process, from its start to its end; `number` is its own among all of the run."""

    def __init__(
        self, number: int, way: Way, bus: FaultyBus, settings: Settings, article: Article
    ) -> None:
        self.name = f"process{number}"
        self.way = way
        self.bus = bus
        self.telemetry = telemetry(number)
        self.telemetry.faults.clear()
        self._trace = way.disk.trace
        self._settings = settings
        self._article = article
        self._numbers = count()
        self._links: dict[Link, asyncio.Task[None]] = {}
        self._told_to_stop = asyncio.Event()
        self._context = copy_context()
        self._context.run(HERE.set, self)
        self.rooms = self._context.run(self._rooms)
        self._state = self._state_of_app()
        self.admitting = False
        self.life = asyncio.create_task(self._live(), name=self.name, context=self._context)

    def _rooms(self) -> Rooms:
        return Rooms(cast("Any", self.way), self._settings, self.telemetry, bus=self.bus)

    def _state_of_app(self) -> Any:
        return {
            "settings": self._settings,
            "telemetry": self.telemetry,
            "store": self.way,
            "rooms": self.rooms,
            "screening": OnTheLoop(self._settings, self.telemetry, Quarantine()),
            "oversized": Oversized(monotonic),
            "rates": Rates(self._settings, monotonic),
        }

    def work_seconds(self) -> float:
        """Draw how long half a piece of work in a thread takes."""
        return self.way.chance.lasts(WORK)

    def next_number(self) -> int:
        """Count what has to be told apart in here."""
        return next(self._numbers)

    async def _live(self) -> None:
        async with self.rooms:
            self.admitting = True
            await self._told_to_stop.wait()
            self.admitting = False
            await self.rooms.farewell()
            self._trace.note(self.name, "has said farewell")
        self._trace.note(self.name, "has stopped")

    def stop(self) -> None:
        """Tell it to stop: it finishes what it has begun, and sends everybody away."""
        self._trace.note(self.name, "is told to stop")
        self._told_to_stop.set()

    def kill(self) -> None:
        """End it in the middle of whatever it does; nothing that it does has an effect any more."""
        self._trace.note(self.name, "is killed")
        self.admitting = False
        self.way.cut = self.bus.cut = True
        self._cut_links()
        self.life.cancel()

    async def over(self) -> None:
        """Wait until nothing of it is left."""
        await asyncio.wait([self.life, *self._links.values()])

    def _cut_links(self) -> None:
        for link, task in self._links.items():
            task.cancel()
            link.cut()

    def connect(self, link: Link, author: Author, *, attribution: bool) -> None:
        """Take a connection in."""
        admission = self._admit(link, author, attribution=attribution)
        task = asyncio.create_task(admission, name=f"{self.name} admits", context=self._context)
        self._links[link] = task

    async def _admit(self, link: Link, author: Author, *, attribution: bool) -> None:
        if not self.admitting:
            link.refuse()
            return
        rates: Rates = self._state["rates"]
        visitor = Visitor(
            self._article,
            Identity(author, readonly=False, expires=FAR),
            attribution,
            rates.meter(author.id, "here", self._article.id),
            rates.seat("here"),
        )
        try:
            await _connect(cast("Any", _Handshake(link)), self._state, visitor)
        except LogUnavailable:
            link.refuse()


class _Handshake:
    """As much of a websocket as is there before it is a wire."""

    def __init__(self, link: Link) -> None:
        self.scope = {"extensions": {EXTENSION: {"open": self._open}}}
        self._link = link

    async def accept(self) -> None:
        await asyncio.sleep(0)

    def _open(self, listener: Any, *_: Any) -> Link:
        self._link.accepted(listener)
        return self._link
