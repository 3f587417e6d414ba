"""A scholar: one simulated person with a replica, who writes, deletes, undoes, goes and comes back.

Everybody writes with a mark of their own, a character that nobody else uses, so the text itself
tells who wrote each character first, whatever was undone since. That is exact because of who may
delete what: each deleted character has one person who could bring it back, and so at most one
living copy, which by the rule of docs/architecture.md keeps its first author.
"""

import random
import re
from collections import deque
from collections.abc import Callable
from time import monotonic

from pycrdt import Doc, Text, TransactionEvent, UndoManager

from tests.soak.rawsocket import RawSocket
from tests.support import wire
from tests.support.replica import ROOT
from tests.support.rest import Person

SMALL_BUFFER = 32 * 1024  # bytes; a reader that stops is felt soon
SHORT = 4  # characters typed in one go
PASTE = 300
SELECTION = 40  # characters that are deleted in one go


class Scholar:
    """A person at an article; `quarry` is the mark whose words this one may delete."""

    def __init__(
        self, person: Person, url: str, mark: str, quarry: str | None, chance: random.Random
    ) -> None:
        self.person = person
        self.mark = mark
        self.refusals: list[str] = []
        self.codes: list[int] = []  # with which the server closed
        self.deeds: dict[str, int] = {}
        self.story: deque[tuple[float, str]] = deque(maxlen=50)
        self.socket: RawSocket | None = None
        self.synced = False
        self._url = url
        self._quarry = quarry
        self._chance = chance
        self._begin()

    def _begin(self) -> None:
        """Open a fresh replica, with a client id of its own and nothing to undo."""
        self.doc: Doc[Text] = Doc()
        self.content = self.doc.get(ROOT, type=Text)
        self._undo = UndoManager(scopes=[self.content], capture_timeout_millis=0)
        self._remote = False
        self._clock = 0
        self._subscription = self.doc.observe(self._observed)

    @property
    def text(self) -> str:
        return str(self.content)

    @property
    def connected(self) -> bool:
        return self.socket is not None and not self.socket.lost.is_set()

    # The connection

    async def connect(self) -> bool:
        """Come, or come back, with what was written meanwhile; False when not let in."""
        if self.socket is not None:
            await self.socket.end()
        self.synced = False
        self.note("comes")
        self.socket = RawSocket(self._url, self._receive)
        if await self.socket.open(SMALL_BUFFER) != 101:
            return False
        self.socket.send(wire.sync(wire.STEP_1, self.doc.get_state()))
        self.greet()
        return True

    def greet(self) -> None:
        self._clock += 1
        self._send(wire.awareness((self.doc.client_id, self._clock, {"user": {"name": "me"}})))

    def note(self, what: str) -> None:
        """Remember what happened last, for who has to find out what went wrong."""
        self.story.append((round(monotonic(), 2), what))

    def renew(self) -> None:
        """Forget the replica, as somebody does who opens a new tab."""
        self.note("new tab")
        self.close()
        self._begin()

    def close(self) -> None:
        self.doc.unobserve(self._subscription)

    def _send(self, message: bytes) -> None:
        if self.socket is not None:
            self.socket.send(message)

    def _receive(self, message: bytes) -> None:
        reader = wire.Reader(message)
        kind = reader.uint()
        if kind == wire.SYNC:
            self._synchronise(reader.uint(), reader.array())
        elif kind == wire.AUTH:
            reader.uint()
            self.refusals.append(reader.string())
            self.note(self.refusals[-1])

    def _synchronise(self, kind: int, content: bytes) -> None:
        if kind == wire.STEP_1:
            self.note(f"asked, {len(self.doc.get_update(content))} bytes")
            self._send(wire.sync(wire.STEP_2, self.doc.get_update(content)))
            return
        self._remote = True
        with self.doc.transaction(origin="server"):
            self.doc.apply_update(content)
        self._remote = False
        if kind == wire.STEP_2:
            self.synced = True
            self.note("synced")

    def _observed(self, event: TransactionEvent) -> None:
        if not self._remote:
            self._send(wire.sync(wire.UPDATE, event.update))

    # What a person does

    def act(self) -> None:
        """Do anything that an editor can do."""
        deed = self._chance.choices(
            [self.type, self.paste, self.delete, self.undo, self.redo, self.greet],
            [50, 3, 22, 14, 5, 6],
        )[0]
        deed()
        self.note(deed.__name__)
        self.deeds[deed.__name__] = self.deeds.get(deed.__name__, 0) + 1

    def type(self) -> None:
        self._insert(self._chance.randint(1, SHORT))

    def paste(self) -> None:
        self._insert(self._chance.randint(PASTE // 4, PASTE))

    def delete(self) -> None:
        if self._quarry is None:
            return
        text = self.text
        start = self._chance.randint(0, len(text))
        found = re.compile(re.escape(self._quarry) + "+").search(text, start)
        if found:
            end = min(found.end(), found.start() + self._chance.randint(1, SELECTION))
            at = len(text[: found.start()].encode())
            del self.content[at : at + len(text[found.start() : end].encode())]

    def undo(self) -> None:
        if self._quarry is not None:
            self._undo.undo()

    def redo(self) -> None:
        if self._quarry is not None:
            self._undo.redo()

    def _insert(self, length: int) -> None:
        text = self.text
        at = self._chance.randint(0, len(text))
        self.content.insert(len(text[:at].encode()), self.mark * length)


def roles(marks: list[str]) -> list[str | None]:
    """Whose marks each of the people may delete: in turn a reviser, an editor and a writer."""
    order: list[Callable[[int], str | None]] = [
        lambda n: marks[n],
        lambda n: marks[n + 1] if n + 1 < len(marks) else None,
        lambda _: None,
    ]
    return [order[number % len(order)](number) for number in range(len(marks))]


def mark(number: int) -> str:
    """A character for one person alone; every fourth needs two UTF-16 units."""
    return chr(0x1F300 + number) if number % 4 == 3 else chr(0x4E00 + number)
