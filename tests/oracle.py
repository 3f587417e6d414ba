"""A slow, obvious model of text that several people write at once: what everything is held against.

Every person has a replica of their own: a chain with one link per character, deleted ones
included. An insertion names its left and right neighbour, and finds its place among concurrent
ones by the rule of YATA (Nicolaescu, Jahns, Derntl, Klamma: "Near Real-Time Peer-to-Peer Shared
Editing on Extensible Data Types", 2016). Where that rule asks who ranks first, the smaller number
does, as with the client ids of Yjs. Who wrote a character is in its name.

Nothing of the product is imported here, and nothing that the product is built on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Name = tuple[int, int]  # the person who inserted the character; how many they had before


class Patch(NamedTuple):
    """`deleted` characters at `position` give way to `inserted`; code points."""

    position: int
    deleted: int
    inserted: str


class Edit(NamedTuple):
    """What a person did in one go, having seen the edits `parents` and all that those had seen."""

    parents: Sequence[int]
    person: int
    patches: Sequence[Patch]


class Insertion(NamedTuple):
    name: Name
    text: str
    origin: Name | None
    right_origin: Name | None


class Removal(NamedTuple):
    name: Name


Operation = Insertion | Removal


@dataclass(eq=False, slots=True)
class Character:
    name: Name
    text: str
    origin: "Character | None"
    right_origin: "Character | None"
    preceding: "Character | None" = None
    following: "Character | None" = None
    deleted: bool = False


@dataclass
class Replica:
    """The text as one person has it."""

    person: int
    first: Character | None = None
    last: Character | None = None
    known: dict[Name, Character] = field(default_factory=dict)
    visible: list[Character] = field(default_factory=list)
    written: int = 0

    def patch(self, patch: Patch) -> Iterator[Operation]:
        """Change this replica; yield what the others need to follow."""
        for character in self.visible[patch.position : patch.position + patch.deleted]:
            yield self._done(Removal(character.name))
        for offset, text in enumerate(patch.inserted):
            yield self._done(self._insertion(patch.position + offset, text))

    def follow(self, operation: Operation) -> None:
        if isinstance(operation, Removal):
            self._remove(self.known[operation.name])
        else:
            self._insert(operation)

    def _done(self, operation: Operation) -> Operation:
        self.follow(operation)
        return operation

    def _insertion(self, position: int, text: str) -> Insertion:
        """A new character stands right before the next visible one, behind what is deleted."""
        right = self.visible[position] if position < len(self.visible) else None
        left = right.preceding if right else self.last
        self.written += 1
        name = (self.person, self.written - 1)
        return Insertion(name, text, left and left.name, right and right.name)

    def _remove(self, character: Character) -> None:
        if not character.deleted:
            self.visible.remove(character)
            character.deleted = True

    def _insert(self, insertion: Insertion) -> None:
        origin = self.known[insertion.origin] if insertion.origin else None
        right = self.known[insertion.right_origin] if insertion.right_origin else None
        character = Character(insertion.name, insertion.text, origin, right)
        self._link(character, self._left_neighbour(character))
        self.known[character.name] = character
        self.visible.insert(self._visible_before(character), character)

    def _left_neighbour(self, new: Character) -> Character | None:
        """YATA: walk over what others put at the same spot, as far as it belongs before `new`."""
        left = new.origin
        passed: set[Character] = set()
        undecided: set[Character] = set()
        other = left.following if left else self.first
        while other and other is not new.right_origin:
            passed.add(other)
            undecided.add(other)
            if other.origin is new.origin:
                if other.name[0] < new.name[0]:
                    left = other
                    undecided.clear()
                elif other.right_origin is new.right_origin:
                    break
            elif other.origin not in passed:
                break
            elif other.origin not in undecided:
                left = other
                undecided.clear()
            other = other.following
        return left

    def _link(self, new: Character, left: Character | None) -> None:
        right = left.following if left else self.first
        new.preceding, new.following = left, right
        if left:
            left.following = new
        else:
            self.first = new
        if right:
            right.preceding = new
        else:
            self.last = new

    def _visible_before(self, new: Character) -> int:
        left = new.preceding
        while left and left.deleted:
            left = left.preceding
        return self.visible.index(left) + 1 if left else 0


class Deed(NamedTuple):
    """One edit as the other replicas follow it; a person's first has the number 1."""

    person: int
    number: int
    operations: Sequence[Operation]


Version = dict[int, int]  # person -> how many of their edits have been seen


class Outcome(NamedTuple):
    """The text that everybody ends with, and for each code point of it who wrote it."""

    text: str
    authors: list[int]


def versions(edits: Sequence[Edit]) -> list[Version]:
    """Return for each edit how many edits of each person it has seen, itself included."""
    told: list[Version] = []
    for edit in edits:
        version: Version = {}
        for parent in edit.parents:
            for person, number in told[parent].items():
                version[person] = max(number, version.get(person, 0))
        version[edit.person] = version.get(edit.person, 0) + 1
        told.append(version)
    return told


def replay(edits: Sequence[Edit]) -> Outcome:
    """Let everybody do their edits on what those build on, then show everybody the rest."""
    replicas = {edit.person: Replica(edit.person) for edit in edits}
    unseen: dict[int, list[Deed]] = {person: [] for person in replicas}
    for edit, version in zip(edits, versions(edits), strict=True):
        replica = replicas[edit.person]
        unseen[edit.person] = _show(replica, unseen[edit.person], version)
        operations = [each for patch in edit.patches for each in replica.patch(Patch(*patch))]
        for person in replicas.keys() - {edit.person}:
            unseen[person].append(Deed(edit.person, version[edit.person], operations))
    for person, replica in replicas.items():
        for deed in unseen[person]:
            _follow(replica, deed)
    return _agreement([_outcome(replica) for replica in replicas.values()])


def _show(replica: Replica, deeds: list[Deed], version: Version) -> list[Deed]:
    """Show the deeds that belong to the version; return the others, in their order."""
    later = []
    for deed in deeds:
        if deed.number <= version.get(deed.person, 0):
            _follow(replica, deed)
        else:
            later.append(deed)
    return later


def _follow(replica: Replica, deed: Deed) -> None:
    for operation in deed.operations:
        replica.follow(operation)


def _outcome(replica: Replica) -> Outcome:
    text = "".join(character.text for character in replica.visible)
    return Outcome(text, [character.name[0] for character in replica.visible])


def _agreement(outcomes: list[Outcome]) -> Outcome:
    assert all(outcome == outcomes[0] for outcome in outcomes), "replicas of the oracle differ"
    return outcomes[0]
