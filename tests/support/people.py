"""People who write one article together, without a network: real pycrdt documents and undo."""

import random
from collections.abc import Sequence

from pycrdt import Doc, Text, UndoManager

from crdt.block import Block
from crdt.deletions import Deletion
from crdt.edit import Edit, merge_edits
from crdt.gate import Rules
from crdt.limits import UpdateLimits
from crdt.livearticle import LiveArticle
from crdt.structs import Struct
from crdt.update import encode_update
from crdt.weave import Weave

ROOT = "content"
RULES = Rules(UpdateLimits(), 100_000)
MINUTE = 60_000
WORDS = ["a", "bc", "😀", "é", "日本語x", "e\u0301", "👩‍🔬", "word "]


def live_article() -> LiveArticle:
    return LiveArticle(ROOT, {}, 100)


def structs_of(weave: Weave) -> list[Struct]:
    """Every block as a struct, by client and clock."""
    return [
        Struct(
            b.client, b.clock, b.length, b.kind, b.origin, b.right_origin, root(b), None, b.content
        )
        for _, blocks in weave.sections()
        for b in blocks
    ]


def root(block: Block) -> str | None:
    return ROOT if block.origin is None and block.right_origin is None else None


def deletions_of(weave: Weave) -> list[Deletion]:
    return [Deletion(b.client, b.clock, b.length) for b in weave if b.deleted]


def in_order(weave: Weave) -> list[tuple[int, int, bool]]:
    """Every ID in document order, and whether it is deleted."""
    return [(b.client, b.clock + n, b.deleted) for b in weave for n in range(b.length)]


def woven(live: LiveArticle) -> tuple[object, ...]:
    """All of a weave, however it is cut."""
    weave = live.weave
    return encode_update(structs_of(weave), deletions_of(weave)), in_order(weave)


def everything(live: LiveArticle) -> tuple[object, ...]:
    """All that a live article holds."""
    return live.head, woven(live), said(live), live.text(), live.ownership.owners()


def said(live: LiveArticle) -> list[dict[tuple[int, int], dict[str, str]]]:
    """All that the ledger says, ID by ID; the same may be encoded in other words."""
    return [
        {
            (client, clock): {attribute.name: attribute.value for attribute in part.attributes}
            for client, part in ids.entries()
            for clock in range(part.start, part.end)
        }
        for ids in (live.ledger.inserts, live.ledger.deletes)
    ]


class Person:
    """Somebody who types into a replica of their own; positions are code points."""

    def __init__(self, name: str, client: int) -> None:
        self.name = name
        self.doc: Doc[Text] = Doc(client_id=client)
        self.text = self.doc.get(ROOT, type=Text)
        self.undo = UndoManager(scopes=[self.text], capture_timeout_millis=0)
        self.unsent: list[bytes] = []
        self.seen = 0
        self._receiving = False
        self.doc.observe(lambda event: self._receiving or self.unsent.append(event.update))

    def insert(self, at: int, words: str) -> None:
        self.text.insert(self._byte(at), words)

    def delete(self, start: int, end: int) -> None:
        del self.text[self._byte(start) : self._byte(end)]

    def embolden(self, start: int, end: int) -> None:
        self.text.format(self._byte(start), self._byte(end), {"bold": True})

    def receive(self, frames: Sequence[bytes]) -> None:
        """Take in what is new of all frames that there are so far."""
        self._receiving = True
        for frame in frames[self.seen :]:
            self.doc.apply_update(frame)
        self.seen, self._receiving = len(frames), False

    def _byte(self, at: int) -> int:
        return len(str(self.text)[:at].encode())

    def act(self, chance: random.Random) -> None:
        """Do anything that an editor can do."""
        size = len(str(self.text))
        start = chance.randint(0, size)
        end = min(size, start + chance.randint(1, 6))
        match chance.randrange(10):
            case 0 | 1 if start < end:
                self.delete(start, end)
            case 2 if start < end:
                self.embolden(start, end)
            case 3 | 4 if self.undo.can_undo():
                self.undo.undo()
            case 5 if self.undo.can_redo():
                self.undo.redo()
            case _:
                self.insert(start, chance.choice(WORDS))


class Desk:
    """A live article, the people at it, and the rows and frames that came of their edits."""

    def __init__(self, *people: Person) -> None:
        self.live = live_article()
        self.people = people
        self.rows: list[tuple[int, Edit]] = []
        self.frames: list[bytes] = []

    def send(self, person: Person) -> list[Edit]:
        """Admit, apply and commit what the person has made, as one turn."""
        at_ms = MINUTE * len(self.rows)
        made = [self.live.admit(data, person.name, at_ms, RULES) for data in person.unsent]
        person.unsent.clear()
        edits = list(merge_edits([edit for edit in made if edit is not None]))
        if edits:
            self.frames.append(self.live.document.apply([edit.payload for edit in edits]))
            self.live.committed(edits)
            self.rows += [(at_ms, edit) for edit in edits]
        return edits

    def share(self) -> None:
        """Everybody sends and then sees everything."""
        for person in self.people:
            self.send(person)
        for person in self.people:
            person.receive(self.frames)

    def authors(self) -> list[tuple[str, str]]:
        """The visible text in pieces, each with its author."""
        text = self.live.text()
        return [(text[s.start : s.start + s.length], s.author) for s in self.live.spans()]


def desk(*names: str) -> Desk:
    return Desk(*(Person(name, 100 + number) for number, name in enumerate(names)))


def history(seed: int, steps: int = 40) -> Desk:
    """Two to four people, seldom in step with each other; in the end all have seen all."""
    chance = random.Random(seed)
    names = ["ada", "bo", "cy", "di"][: chance.randint(2, 4)]
    table = Desk(*(Person(name, chance.randrange(2**40)) for name in names))
    for _ in range(steps):
        person = chance.choice(table.people)
        person.act(chance)
        if chance.random() < 0.7:
            table.send(person)
        if chance.random() < 0.5:
            chance.choice(table.people).receive(table.frames)
    table.share()
    return table
