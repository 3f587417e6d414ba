"""The one store of a run, and each process's own way to it, on which things go wrong."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from persistence.errors import HeadMoved, LogUnavailable
from persistence.log import Append, Entry
from persistence.store import MemoryStore
from tests.simulation.chance import Chance
from tests.simulation.plan import Troubles
from tests.simulation.trace import Trace
from tests.simulation.witness import Witness

HANGS = 2.0  # seconds that a commit takes that hangs
LATE = 1.0  # seconds that a commit may take effect after its failure was reported


@dataclass
class Disk:
    """What the processes share: the store, and what its database suffers."""

    store: MemoryStore
    witness: Witness
    trace: Trace
    troubles: Troubles
    commit_seconds: float
    dead: bool = False  # does not answer anybody just now
    late: list[asyncio.TimerHandle] = field(default_factory=list)

    def heal(self) -> None:
        """Let nothing go wrong from now on."""
        self.troubles, self.dead = Troubles(), False

    def append(self, batch: Sequence[Append], at: datetime) -> Any:
        """Append, and have it witnessed."""
        log = self.store.log
        before = log.heads([append.article for append in batch])
        try:
            answer = log.append(batch, at)
        finally:
            for article, head in before.items():
                self.witness.stored(list(log.read(article, head)))
        self.trace.note("store", "has", *((a.article, a.head, len(a.rows)) for a in batch))
        return answer

    def append_late(self, batch: Sequence[Append], at: datetime) -> None:
        """Append after the failure was reported, unless somebody else was first."""
        alone = [Append(a.article, a.head, a.rows, a.claims) for a in batch]
        try:
            self.append(alone, at)
        except HeadMoved:
            self.trace.note("store", "has rolled back")


class Way:
    """A process's way to the store; once it is `cut` nothing gets through."""

    def __init__(self, disk: Disk, chance: Chance) -> None:
        self.disk = disk
        self.chance = chance
        self.cut = False
        self.dead = False  # gets no answer just now, while others do
        self.log = FaultyLog(self)
        for part in ("articles", "authors", "checkpoints", "revisions", "texts", "quarantine"):
            setattr(self, part, Part(self, getattr(disk.store, part)))

    def check(self) -> None:
        """Raise LogUnavailable where a call gets no answer."""
        if self.cut or self.dead or self.disk.dead:
            raise LogUnavailable("the store does not answer")

    def check_read(self) -> None:
        """Raise LogUnavailable for a read that goes wrong."""
        self.check()
        if self.chance.happens(self.disk.troubles.read_fails):
            raise LogUnavailable("the store cannot read that now")


class Part:
    """A part of the store, as far as the way leads there."""

    def __init__(self, way: Way, part: Any) -> None:
        self._way = way
        self._part = part

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._part, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._way.check_read()
            return method(*arguments, **named)

        return call


class FaultyLog(Part):
    """The update log on a way; the scribe makes commits slow, here they go wrong."""

    def __init__(self, way: Way) -> None:
        super().__init__(way, way.disk.store.log)

    def read(self, article: int, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        for entry in self._part.read(article, after, until):
            self._way.check_read()
            yield entry

    def check(self) -> None:
        self._way.check()

    def append(self, batch: Sequence[Append], at: datetime) -> Any:
        """Append in one of the ways in which a commit can end."""
        way, disk, troubles = self._way, self._way.disk, self._way.disk.troubles
        way.check()
        if way.chance.happens(troubles.commit_fails):
            raise LogUnavailable("the commit failed")
        if way.chance.happens(troubles.commit_is_late):
            after = way.chance.lasts(LATE)
            loop = asyncio.get_running_loop()
            disk.late.append(loop.call_later(after, disk.append_late, batch, at))
            raise LogUnavailable("the commit got no answer, and is on its way")
        answer = disk.append(batch, at)
        if way.chance.happens(troubles.commit_is_unknown):
            raise LogUnavailable("the commit got no answer")
        return answer

    def duration(self) -> float:
        """Draw how long the next commit takes."""
        troubles = self._way.disk.troubles
        if self._way.chance.happens(troubles.commit_hangs):
            return HANGS
        return self._way.chance.lasts(self._way.disk.commit_seconds, HANGS)
