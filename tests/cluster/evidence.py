"""What people have been told is stored, and what the database says: the one must hold the other."""

from collections.abc import Iterable

from pycrdt import Doc, Text

from persistence.log import Entry
from persistence.store import Store
from tests.support import wire
from tests.support.ledger import ID
from tests.support.replica import ROOT


class Evidence:
    """Everything of an article that the servers have acknowledged or shown to anybody."""

    def __init__(self) -> None:
        self.clocks: dict[int, int] = {}  # client id -> next clock
        self.deleted: set[ID] = set()
        self.seq = 0

    def saw(self, client: int, clock: int) -> None:
        """Note that all before this clock of a client has been shown."""
        self.clocks[client] = max(self.clocks.get(client, 0), clock)

    def copy(self) -> "Evidence":
        """What there is by now."""
        copied = Evidence()
        copied.clocks, copied.deleted, copied.seq = dict(self.clocks), set(self.deleted), self.seq
        return copied


class Truth:
    """The rows of an article, read again and again past all servers; they may only become more."""

    def __init__(self, store: Store, slug: str) -> None:
        self.rows: list[Entry] = []
        self._store = store
        self._article = store.articles.get(slug).id
        self._doc: Doc[Text] = Doc()
        self._text = self._doc.get(ROOT, type=Text)
        self._deleted: set[ID] = set()
        self._subscription = self._doc.observe(
            lambda event: self._deleted.update(ids(event.delete_set))
        )

    @property
    def text(self) -> str:
        return str(self._text)

    def news(self) -> list[Entry]:
        """Read the rows that were not read yet; this may be done in another thread."""
        return list(self._store.log.read(self._article, len(self.rows)))

    def take(self, news: list[Entry]) -> None:
        """Take them in: their seqs must go on from the last."""
        for row in news:
            assert row.seq == len(self.rows) + 1, "the seqs are not dense"
            self.rows.append(row)
            self._doc.apply_update(row.payload)

    def lost(self, evidence: Evidence) -> list[object]:
        """What was acknowledged or seen, and is not in the rows that were read since."""
        here = dict(wire.state_vector(self._doc.get_state()))
        behind = [
            (client, here.get(client, 0), clock)
            for client, clock in evidence.clocks.items()
            if clock > here.get(client, 0)
        ]
        unknown = [("seq", evidence.seq)] if evidence.seq > len(self.rows) else []
        return [*behind, *sorted(evidence.deleted - self._deleted), *unknown]

    def check_for_good(self) -> None:
        """Read it all once more: every row is still what it was."""
        again = list(self._store.log.read(self._article))
        assert again[: len(self.rows)] == self.rows, "rows have changed"
        assert self._store.log.heads([self._article]) == {self._article: len(again)}
        self._doc.unobserve(self._subscription)


def ids(delete_set: bytes) -> Iterable[ID]:
    """The single IDs of an encoded delete set."""
    for client, start, length in wire.id_ranges(delete_set):
        for clock in range(start, start + length):
            yield client, clock
