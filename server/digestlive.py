"""What the live document of a room holds, for a revision to be checked against.

Text and authors are walked over in slices, each when the room is at rest, and the walk begins anew
when an edit comes in between. Where people never pause for that long, a copy is taken whole, for
another process to walk over.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from crdt.document import NO_STATE
from crdt.livearticle import LiveArticle
from crdt.walk import walk
from server.fingerprint import Fingerprint
from server.room import Room

ATTEMPTS = 3
SLICE_SECONDS = 0.002  # of the event loop's time
PIECES = 32  # between two looks at the clock


@dataclass(frozen=True, slots=True)
class Copy:
    """A live document and its packed ledger."""

    document: bytes
    ledger: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What a live article was at `seq`: the fingerprint of its text and authors, or a copy."""

    seq: int
    told: bytes | Copy


class Walk:
    """A walk over one room's article as it is now."""

    def __init__(self, live: LiveArticle) -> None:
        self.seq = live.head
        self._text = live.text()
        self._pieces: Iterator[tuple[int, str]] = walk(live.weave, live.ledger)
        self._taken = Fingerprint()

    def step(self, live: LiveArticle) -> bool:
        """Go on for a slice; False at the end, or when the article has moved."""
        until = perf_counter() + SLICE_SECONDS
        while live.head == self.seq and (some := list(islice(self._pieces, PIECES))):
            for piece in some:
                self._taken.add(*piece)
            if perf_counter() >= until:
                return True
        return False

    def result(self) -> Seen:
        """What was seen, when all steps have been taken."""
        return Seen(self.seq, self._taken.of(self._text))


async def let_others() -> None:
    """Have the event loop do something else."""
    await asyncio.sleep(0)


async def see(room: Room, pause: Callable[[], Awaitable[None]] = let_others) -> Seen:
    """Look at a room's article, with pauses; the room's refusal when it ends before."""
    for _ in range(ATTEMPTS):
        while not await room.look(LiveArticle.prepare):
            await pause()
        going = await room.look(Walk)
        while await room.look(going.step):
            await pause()
        if room.head == going.seq:
            return going.result()
    seq, document = await room.look(lambda live: (live.head, live.document.diff(NO_STATE)))
    await pause()  # of what stood there by now the ledger will always say the same
    return Seen(seq, Copy(document, await room.look(lambda live: live.ledger.pack())))
