"""A client: a real Yjs replica that speaks to the servers as y-websocket 3.1 does."""

import asyncio
from collections.abc import Callable

from pycrdt import Doc, Text, TransactionEvent

from crdt.limits import OWN_LIMITS
from crdt.statevector import decode_state_vector
from crdt.update import decode_update
from tests.simulation.awareness import Awareness
from tests.simulation.link import Link
from tests.simulation.trace import Trace
from tests.simulation.undoing import Undoing
from tests.simulation.witness import ID, ids
from tests.support import wire
from tests.support.ledger import Ledger
from tests.support.replica import ROOT

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.5  # seconds until the next attempt to connect
FINAL = range(4400, 4500)  # close codes after which a stock client does not come back
NOTHING = b"\x00\x00"
STEPS = ("a question", "an answer", "an update")

Dial = Callable[["Client"], Link]


class Client:
    """One replica of an author's. It connects by `dial` while it is `online`, again and again."""

    def __init__(self, name: str, author: str, number: int, dial: Dial, trace: Trace) -> None:
        self.name = name
        self.author = author
        self.number = number
        self.doc: Doc[Text] = Doc(client_id=number)
        self.content = self.doc.get(ROOT, type=Text)
        self.undoing = Undoing(self.doc, self.content)
        self.awareness = Awareness(number, self._say)
        self.ledger: Ledger | None = None
        self.online = False
        self.synced = False
        self.refusals: list[str] = []
        self.codes: list[int] = []
        self.acknowledged = 0  # clock up to which the receipts have come
        self._dial = dial
        self._trace = trace
        self._link: Link | None = None
        self._is_open = False
        self._asked = False  # and has told all that the server did not have
        self._failures = 0
        self._retry: asyncio.TimerHandle | None = None
        self._applying = False
        self._subscription = self.doc.observe(self._observed)
        self.awareness.show({"at": 0})

    # The replica

    @property
    def text(self) -> str:
        return str(self.content)

    def clocks(self) -> dict[int, int]:
        return decode_state_vector(self.doc.get_state(), OWN_LIMITS)

    def deletions(self) -> set[ID]:
        update = decode_update(self.doc.get_update(self.doc.get_state()), OWN_LIMITS)
        return set(ids((d.client, d.clock, d.length) for d in update.deletions))

    def _observed(self, event: TransactionEvent) -> None:
        if not self._applying and event.update != NOTHING:
            self._say(wire.sync(wire.UPDATE, event.update))

    def restore(self, update: bytes) -> None:
        """Begin with what another replica had."""
        self._apply(update)

    def _apply(self, update: bytes) -> None:
        self._applying = True
        with self.doc.transaction(origin="server"):
            self.doc.apply_update(update)
        self._applying = False
        if self.acknowledged < self.clock:
            self._acknowledge(update)

    @property
    def clock(self) -> int:
        """How many UTF-16 units have been written here."""
        return self.clocks().get(self.number, 0)

    def _acknowledge(self, update: bytes) -> None:
        for struct in decode_update(update, OWN_LIMITS).structs:
            if struct.client == self.number:
                self.acknowledged = max(self.acknowledged, struct.clock + struct.length)

    # The connection

    def _say(self, message: bytes) -> None:
        if self._link is not None and self._is_open:
            self._link.say(message)

    @property
    def settled(self) -> bool:
        """Whether the server gets what is done here after all that was done before.

        While it has not asked yet, what was deleted offline comes after what is done now, and no
        clock tells that it is missing.
        """
        return self._asked or not self._is_open

    def go_online(self) -> None:
        self.online = True
        if self._link is None and self._retry is None:
            self._connect()

    def go_offline(self) -> None:
        self.online = False
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection; while online another one follows."""
        if self._link is not None:
            self._link.leave()
            self._ended()

    def _connect(self) -> None:
        self._retry = None
        if self.online and self._link is None:
            self._link = self._dial(self)

    def opened(self, link: Link) -> None:
        if link is self._link:
            self._is_open, self._asked = True, False
            self._trace.note(self.name, "is connected")
            self._say(wire.sync(wire.STEP_1, self.doc.get_state()))
            self.awareness.tell()

    def ended(self, link: Link, code: int) -> None:
        if link is self._link:
            self._trace.note(self.name, "is closed", code)
            self.codes.append(code)
            self.online = self.online and code not in FINAL
            self._ended()

    def _ended(self) -> None:
        if self._is_open:
            self.awareness.forget_others()
        self._link, self._is_open, self.synced = None, False, False
        self._failures += 1
        if self._retry is None:
            wait = min(FIRST_WAIT * 2**self._failures, LONGEST_WAIT)
            self._retry = asyncio.get_running_loop().call_later(wait, self._connect)

    def close(self) -> None:
        """Be no more."""
        self.go_offline()
        if self._retry is not None:
            self._retry.cancel()
        self.awareness.close()
        self.undoing.close()
        self.doc.unobserve(self._subscription)  # or the document is kept in memory

    # What comes

    def heard(self, link: Link, message: bytes) -> None:
        if link is not self._link:
            return
        reader = wire.Reader(message)
        match reader.uint():
            case wire.SYNC:
                self._sync(reader.uint(), reader.array())
            case wire.AWARENESS:
                entries = list(wire.presences(reader.array()))
                self._trace.note(self.name, "sees", *((c, clock) for c, clock, _ in entries))
                self.awareness.receive(entries)
            case wire.AUTH:
                reader.uint()
                self.refusals.append(reader.string())
                self._asked = False
                self._trace.note(self.name, "is refused", self.refusals[-1])
            case wire.ATTRIBUTION:
                assert self.ledger is not None, "attribution that nobody asked for"
                self.ledger.read(reader)
                self._trace.note(self.name, "is told who wrote up to", self.ledger.seq)

    def _sync(self, step: int, body: bytes) -> None:
        self._trace.note(self.name, "hears", STEPS[step], len(body))
        if step == wire.STEP_1:
            stored = dict(wire.state_vector(body)).get(self.number, 0)
            self.acknowledged = max(self.acknowledged, stored)
            self._say(wire.sync(wire.STEP_2, self.doc.get_update(body)))
            self._asked = True
            return
        self._apply(body)
        if step == wire.STEP_2:
            self.synced, self._failures = True, 0
