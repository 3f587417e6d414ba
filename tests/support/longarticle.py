"""The log of a long article that several people wrote over weeks: made quickly, by a seed.

Everybody writes sentences and headings, mistypes and deletes, rewrites what others wrote and takes
deletions back, several at a time without seeing each other's last words. Every edit goes through
the gate, so the log is one that a server could have kept.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crdt.deletions import Deletion
from crdt.edit import Edit
from crdt.gate import Rules
from crdt.limits import OWN_LIMITS
from crdt.livearticle import LiveArticle
from crdt.structs import ID, Kind, Struct
from crdt.update import encode_update
from crdt.utf16 import utf16_length

ROOT = "content"
BEGINNING = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
PEOPLE = ("ada", "bob", "cyd", "dee", "eve", "fay")
RULES = Rules(OWN_LIMITS, 1 << 40)
WORDS = """
    the gene of a protein binds and folds in every cell where it is read, copied or lost; mice
    without this kinase show weaker bones, fewer neurons and β-catenin near the membrane during
    early development while patients with one changed allele are often healthy 🧬 until stress
    signals activate transcription factors that repress growth in liver and muscle
""".split()  # noqa: SIM905 - a text is easier to read
PUNCTUATION = (". ", ". ", ". ", ".\n", ".\n\n", ": ", "; ")
AT_ONCE = 500  # edits in one transaction of the document


@dataclass
class Person:
    """Somebody at one replica; what `script` yields next is their next edit."""

    author: str
    client: int
    script: Iterator[bytes]


@dataclass
class Log:
    """Edits with their times, in order of seq, and the article that they make."""

    live: LiveArticle
    edits: list[tuple[datetime, Edit]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[int, Edit]]:
        """Each with its time in Unix ms."""
        return [(int(at.timestamp() * 1000), edit) for at, edit in self.edits]

    @property
    def owners(self) -> dict[int, str]:
        return {client: edit.author for _, edit in self.edits for client in edit.clients}


class Desk:
    """Where people write: it takes their edits in, one after the other."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.log = Log(LiveArticle(ROOT, {}, 1 << 30))
        self.now = BEGINNING
        self._places: list[ID] = []
        self._unapplied: list[Edit] = []
        self._clients = 0

    def write(self, rows: int) -> Log:
        while len(self.log.edits) < rows:
            self._meet(rows)
        self._apply()
        return self.log

    def _meet(self, rows: int) -> None:
        """Let one to four people write at once for a while, after a pause."""
        dice = self.dice
        here = [self._sit_down(a) for a in dice.sample(PEOPLE, dice.choice((1, 1, 1, 2, 2, 3, 4)))]
        for _ in range(min(dice.randrange(100, 4_000), rows - len(self.log.edits))):
            self.now += timedelta(milliseconds=int(dice.expovariate(1 / 180)) + 20)
            person = dice.choice(here)
            self._take(person, next(person.script))
        self.now += timedelta(minutes=dice.expovariate(1 / 30))
        if dice.random() < 0.2:
            self.now += timedelta(hours=dice.randrange(6, 90))

    def _sit_down(self, author: str) -> Person:
        self._clients += 1
        client = self.dice.randrange(1 << 20, 1 << 32) * 64 + self._clients % 64
        return Person(author, client, self._script(client))

    def _take(self, person: Person, update: bytes) -> None:
        at_ms = int(self.now.timestamp() * 1000)
        edit = self.log.live.admit(update, person.author, at_ms, RULES)
        assert edit is not None, "everything that is written here is new"
        self.log.edits.append((self.now, edit))
        self._unapplied.append(edit)
        if len(self._unapplied) == AT_ONCE:
            self._apply()

    def _apply(self) -> None:
        self.log.live.document.apply([edit.payload for edit in self._unapplied])
        self.log.live.committed(self._unapplied)
        self._unapplied.clear()

    def _script(self, client: int) -> Iterator[bytes]:
        """Do one thing after the other for ever, an edit at a time."""
        dice, mine = self.dice, list[Deletion]()
        while True:
            kind = dice.random()
            if kind < 0.5 or not self._places:
                yield from self._sentence(client)
            elif kind < 0.85:
                yield from self._rewrite(client, mine)
            elif kind < 0.97:
                yield from self._delete_some(mine)
            else:
                yield from self._undo(client, mine)

    def _sentence(self, client: int) -> Iterator[bytes]:
        dice = self.dice
        origin = dice.choice(self._places[-400:]) if self._places and dice.random() < 0.9 else None
        text = " ".join(dice.choices(WORDS, k=dice.randrange(3, 16))) + dice.choice(PUNCTUATION)
        if dice.random() < 0.03:
            text = f"\n\n## {' '.join(dice.choices(WORDS, k=2)).title()}\n\n"
        yield from self._type(client, origin, text)

    def _type(self, client: int, origin: ID | None, text: str) -> Iterator[bytes]:
        """Type a text behind `origin`, not seeing what others put there meanwhile."""
        right = self._right_of(origin)
        for character in text:
            if self.dice.random() < 0.2:  # a slip, which is deleted again at once
                slip, update = self._typed(client, origin, right, self.dice.choice("qxzjkv"))
                yield update
                yield encode_update((), [Deletion(*slip, 1)])
                right = slip
            origin, update = self._typed(client, origin, right, character)
            yield update
        if origin is not None:
            self._places.append(origin)

    def _typed(
        self, client: int, origin: ID | None, right: ID | None, text: str
    ) -> tuple[ID, bytes]:
        """The last ID of an insertion, and the update that makes it."""
        clock, length = self.log.live.weave.clocks.get(client, 0), utf16_length(text)
        parent = None if origin or right else ROOT
        struct = Struct(client, clock, length, Kind.STRING, origin, right, parent, None, text)
        return (client, clock + length - 1), encode_update([struct], ())

    def _right_of(self, origin: ID | None) -> ID | None:
        weave = self.log.live.weave
        if origin is None:
            first = next(iter(weave), None)
            return (first.client, first.clock) if first else None
        block = weave.find(origin)
        if origin[1] + 1 < block.end:
            return origin[0], origin[1] + 1
        return (block.right.client, block.right.clock) if block.right else None

    def _left_of(self, identity: ID) -> ID | None:
        block = self.log.live.weave.find(identity)
        if identity[1] > block.clock:
            return identity[0], identity[1] - 1
        left = block.left
        return (left.client, left.end - 1) if left and left.length else None

    def _some(self, most: int) -> Deletion | None:
        """Some visible text in the middle of what somebody wrote."""
        block = self.log.live.weave.find(self.dice.choice(self._places))
        if block.deleted or not str(block.content).isascii() or block.length < 4:
            return None
        start = self.dice.randrange(block.length - 3)
        length = min(self.dice.randrange(1, most), block.length - start)
        return Deletion(block.client, block.clock + start, length)

    def _rewrite(self, client: int, mine: list[Deletion]) -> Iterator[bytes]:
        """Delete some characters one by one, from behind, and type others there."""
        if some := self._some(12):
            origin = self._left_of(some[:2])
            for clock in reversed(range(some.clock, some.clock + some.length)):
                one = Deletion(some.client, clock, 1)
                if not self.log.live.weave.is_deleted(one):
                    mine.append(one)
                    yield encode_update((), [one])
            yield from self._type(client, origin, self.dice.choice(WORDS))

    def _delete_some(self, mine: list[Deletion]) -> Iterator[bytes]:
        if some := self._some(60):
            mine.append(some)
            yield encode_update((), [some])

    def _undo(self, client: int, mine: list[Deletion]) -> Iterator[bytes]:
        """Bring back, as an editor's undo does, the last that this person deleted."""
        if mine:
            client_, clock, length = mine.pop()
            units = self.log.live.weave.deleted_units(client_, clock, length)
            if units is not None:
                origin, text = self._left_of((client_, clock)), units.decode("utf-16-le")
                yield self._typed(client, origin, (client_, clock), text)[1]


def write(rows: int, seed: int = 1) -> Log:
    """Give a log of so many rows; a seed gives the same log each time."""
    return Desk(seed).write(rows)
