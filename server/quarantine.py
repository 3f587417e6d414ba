"""The quarantine: whose updates are screened, or refused, since one of them ended a worker.

While something of an author is kept for an article, the very same bytes are refused there and all
else of theirs is screened, however small it is: a client that comes back with what it wrote, in
whatever form, ends a screening process and not the server. Nobody else notices.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from anyio import to_thread

from crdt.errors import Refusal
from persistence.quarantine import Suspect
from persistence.store import Store
from server.pipe import pack, unpack
from server.refusals import Quarantined
from server.slate import Found, NoSlate
from server.telemetry import Telemetry

# Workers that one author may end in one article; then screening has shown that it is of no use
# against what they send, and all of it is refused. Whoever may only have been there counts a third.
MOST_ENDED = 3
DOUBTS = 3
# Workers that end so soon after another could not know of it yet, and count with it.
TOGETHER = timedelta(seconds=5)
LOOK_SECONDS = 2.0  # how often it is looked whether anything was released, or put away elsewhere


class Quarantine:
    """The authors who are watched, each in one article."""

    def __init__(self) -> None:
        self._watched: dict[tuple[int, str], list[Suspect]] = {}

    def watch(self, suspects: Iterable[Suspect]) -> None:
        """Watch the authors of these, and nobody else."""
        self._watched = {}
        for suspect in suspects:
            self._watched.setdefault((suspect.article, suspect.author), []).append(suspect)

    def watches(self, article: int, author: str) -> bool:
        """Whether what this author sends to this article has to be screened."""
        return (article, author) in self._watched

    def check(self, article: int, author: str, update: bytes) -> None:
        """Raise Quarantined for an update that is kept here, or by somebody who did it often."""
        suspects = self._watched.get((article, author), [])
        if _ended(suspects) >= MOST_ENDED * DOUBTS:
            raise Quarantined("Your edits stopped the server several times; an operator must help.")
        if any(each.certain and update in unpack(each.payload) for each in suspects):
            raise Quarantined("This edit stopped the server; an operator has to look at it first.")


def _ended(suspects: Sequence[Suspect]) -> int:
    """Count the workers that somebody ended in spite of screening, in doubts."""
    count, last = 0, None
    for suspect in sorted(suspects, key=lambda each: each.at):
        if last is None or suspect.at - last > TOGETHER:
            count += DOUBTS if suspect.certain else 1
            last = suspect.at
    return count


@asynccontextmanager
async def open_quarantine(
    store: Store, slate: NoSlate, telemetry: Telemetry
) -> AsyncIterator[Quarantine]:
    """Put away what the last worker had in hand, and watch; what others do is noticed meanwhile."""
    quarantine = Quarantine()
    await to_thread.run_sync(_put_away, store, slate, telemetry)
    await _look(store, quarantine, telemetry)
    looking = asyncio.create_task(_look_for_ever(store, quarantine, telemetry), name="quarantine")
    try:
        yield quarantine
    finally:
        looking.cancel()
        await asyncio.wait([looking])


def _put_away(store: Store, slate: NoSlate, telemetry: Telemetry) -> None:
    """Store what is on the slate, then wipe it; whoever is ended between the two does it again."""
    found = slate.found()
    if found is None:
        return
    for (article, author), updates in _by_author(found).items():
        telemetry.log.error(
            "A worker ended with this author's updates in hand.",
            reason=found.reason,
            article=article,
            author=author,
            updates=len(updates),
        )
        try:
            _store(store, found, article, author, updates)
        except Refusal:  # the database is not the one that it served
            telemetry.fault("Nothing is known of the article or the author.")
    slate.wipe()


def _by_author(found: Found) -> dict[tuple[int, str], list[bytes]]:
    updates: dict[tuple[int, str], list[bytes]] = {}
    for note in found.notes:
        updates.setdefault((note.article, note.author), []).append(note.update)
    return updates


def _store(
    store: Store, found: Found, article: int, author: str, updates: Sequence[bytes]
) -> Suspect:
    at = datetime.fromtimestamp(found.at, UTC)
    return store.quarantine.add(
        article, author, at, found.reason, certain=found.certain, payload=pack(updates)
    )


async def _look(store: Store, quarantine: Quarantine, telemetry: Telemetry) -> None:
    suspects = await to_thread.run_sync(store.quarantine.watched)
    quarantine.watch(suspects)
    telemetry.quarantined.set(len(suspects))


async def _look_for_ever(store: Store, quarantine: Quarantine, telemetry: Telemetry) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await _look(store, quarantine, telemetry)
        except Exception:  # noqa: BLE001 - the database's trouble: who is watched stays watched
            telemetry.fault("The quarantine could not be read.")
