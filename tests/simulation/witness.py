"""The witness: what really happened, noted where it happened and not read from what is tested.

Every character that somebody writes is one that nobody has written before, so a character says by
itself who wrote it first, wherever it turns up.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from crdt.limits import OWN_LIMITS
from crdt.update import Update, decode_update
from persistence.log import Entry

ID = tuple[int, int]
NARROW, WIDE = 0x4E00, 0x20000  # where characters of one UTF-16 unit begin, and of two
WIDE_EVERY = 5


class Witness:
    """Who wrote, deleted and brought back which characters; what is durable, and what was shown."""

    def __init__(self) -> None:
        self.author_of_client: dict[int, str] = {}
        self.wrote: dict[str, str] = {}
        self.deleted: dict[str, set[str]] = {}
        self.brought_back: list[tuple[str, frozenset[str]]] = []
        self.clocks: dict[int, int] = {}
        self.deletions: set[ID] = set()
        self.wrong: list[str] = []
        self.count: Counter[str] = Counter()
        self._fresh: set[str] = set()
        self._shown: set[bytes] = set()
        self._numbers = count()

    # What people do

    def new_text(self, author: str, length: int) -> str:
        """Give characters that the author is about to write."""
        text = "".join(_character(next(self._numbers)) for _ in range(length))
        self.wrote |= dict.fromkeys(text, author)
        self._fresh.update(text)
        return text

    def changed(self, author: str, before: str, after: str) -> None:
        """Note what an author's deed took out of the text and brought into it."""
        old, new = Counter(before), Counter(after)
        for character in old - new:
            self.deleted.setdefault(character, set()).add(author)
        if back := frozenset((new - old).keys() - self._fresh):
            self.brought_back.append((author, back))
        self._fresh.clear()

    # What the servers do

    def stored(self, entries: Sequence[Entry]) -> None:
        """Note rows that are in the log from now on."""
        for entry in entries:
            update = decode_update(entry.payload, OWN_LIMITS)
            for struct in update.structs:
                self._owns(struct.client, entry.author)
                if self.clocks.get(struct.client, 0) != struct.clock:
                    self.wrong.append(f"seq {entry.seq} does not go on where {struct.client} was")
                self.clocks[struct.client] = struct.clock + struct.length
            self.deletions.update(_deleted(update))
            self.count["rows"] += 1

    def _owns(self, client: int, author: str) -> None:
        if self.author_of_client[client] != author:
            self.wrong.append(f"the log says that client id {client} is {author}'s")

    def shown(self, update: bytes) -> None:
        """Note what a server lets out: it has to be durable by then (law 1)."""
        if update in self._shown:
            return
        self._shown.add(update)
        told = decode_update(update, OWN_LIMITS)
        self.promised({s.client: s.clock + s.length for s in told.structs})
        if not self.deletions.issuperset(_deleted(told)):
            self.wrong.append("a deletion was shown before it was durable")

    def promised(self, clocks: Mapping[int, int]) -> None:
        """Note up to where a server says that it has what clients wrote."""
        for client, clock in clocks.items():
            if clock > self.clocks.get(client, 0):
                self.wrong.append(f"shown before it was durable: {client}, {clock}")


def _character(number: int) -> str:
    return chr((WIDE if number % WIDE_EVERY == 0 else NARROW) + number)


def _deleted(update: Update) -> Iterator[ID]:
    return ids((d.client, d.clock, d.length) for d in update.deletions)


def ids(ranges: Iterable[tuple[int, int, int]]) -> Iterator[ID]:
    """Give every ID of (client id, clock, length) ranges."""
    for client, clock, length in ranges:
        for offset in range(length):
            yield client, clock + offset
