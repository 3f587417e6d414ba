"""A scholar who comes to any of several processes, and again to any when a connection ends."""

import asyncio
import random
from collections.abc import Sequence

from pycrdt import IdMap, TransactionEvent

from tests.cluster.evidence import Evidence, ids
from tests.soak.scholar import Scholar
from tests.support import wire
from tests.support.ledger import ID
from tests.support.rest import Person

FIRST_WAIT, LONGEST_WAIT = 0.1, 0.4  # seconds; stock clients wait up to 2.5
HANDSHAKE_SECONDS = 1.0  # a process that stands still does not answer; another one may
PASTE = 40


class Traveller(Scholar):
    """Whatever a server says or shows is given to `evidence`; `links` lead to the processes."""

    def __init__(
        self,
        person: Person,
        links: Sequence[str],
        mark: str,
        quarry: str | None,
        chance: random.Random,
        evidence: Evidence,
    ) -> None:
        self.gone: set[ID] = set()  # what this replica knows to be deleted
        self.here: set[int] = set()  # the client ids that show themselves
        self.at = -1  # the number of the process
        self._links = links
        self._evidence = evidence
        self._acknowledged = 0  # the next clock of the own client id
        super().__init__(person, links[0], mark, quarry, chance)

    def _begin(self) -> None:
        self.gone = set()
        self._acknowledged = 0
        super()._begin()

    # The connection

    async def stay(self) -> None:
        """Connect, and connect again, until cancelled."""
        failures = 0
        while True:
            synced = await self._visit()
            failures = 0 if synced else failures + 1
            await asyncio.sleep(min(FIRST_WAIT * 2**failures, LONGEST_WAIT))

    async def _visit(self) -> bool:
        """Be connected for as long as it lasts; whether there was a first sync."""
        self.here.clear()
        self.at = self._chance.randrange(len(self._links))
        self._url = self._links[self.at]
        if not await self._opened():
            return False
        assert self.socket is not None
        await self.socket.lost.wait()
        synced, self.synced = self.synced, False
        self.codes += [] if self.socket.code is None else [self.socket.code]
        return synced

    async def _opened(self) -> bool:
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                if await self.connect():
                    return True
        except (OSError, TimeoutError) as error:
            self.note(type(error).__name__)
        if self.socket is not None and hasattr(self.socket, "transport"):
            self.socket.abort()
        self.socket = None
        return False

    @property
    def able(self) -> bool:
        """Whether they can write: in the article, or away from it, but not on the way."""
        return self.synced or not self.connected

    def fail(self) -> None:
        """Lose the connection, as networks do."""
        if self.socket is not None and hasattr(self.socket, "transport"):
            self.socket.abort()

    def move(self) -> None:
        """Close the tab and open the article anew in another, if all has been acknowledged."""
        if self.socket is not None and self.synced and self._acknowledged == self.clock:
            self.testify()
            self.renew()
            self.socket.leave()

    # What it knows

    @property
    def clock(self) -> int:
        """The next clock of the own client id."""
        return self.knows().get(self.doc.client_id, 0)

    def knows(self) -> dict[int, int]:
        """The next clock of each client id."""
        return dict(wire.state_vector(self.doc.get_state()))

    def testify(self) -> None:
        """Give evidence: what others wrote came from a server, what is one's own was confirmed."""
        for client, clock in self.knows().items():
            own = client == self.doc.client_id
            self._evidence.saw(client, self._acknowledged if own else clock)

    def _receive(self, message: bytes) -> None:
        reader = wire.Reader(message)
        kind = reader.uint()
        if kind == wire.ATTRIBUTION:
            self._attributed(reader)
        elif kind == wire.AWARENESS:
            for client, _, state in wire.presences(reader.array()):
                self.here.discard(client) if state is None else self.here.add(client)
        else:
            super()._receive(message)

    def _attributed(self, reader: wire.Reader) -> None:
        self._evidence.seq = max(self._evidence.seq, reader.uint())
        for client, stretch in IdMap.decode(reader.array()).entries():
            if client == self.doc.client_id:
                self._acknowledged = max(self._acknowledged, stretch.end)
        for client, stretch in IdMap.decode(reader.array()).entries():
            self._evidence.deleted.update((client, n) for n in range(stretch.start, stretch.end))

    def _observed(self, event: TransactionEvent) -> None:
        deleted = set(ids(event.delete_set))
        self.gone |= deleted
        if self._remote:
            self._evidence.deleted |= deleted
        super()._observed(event)

    def paste(self) -> None:
        self._insert(self._chance.randint(PASTE // 4, PASTE))
