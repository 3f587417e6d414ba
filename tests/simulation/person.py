"""A person at a client: types, pastes, deletes, undoes, goes offline, moves, and comes back."""

from tests.simulation.chance import Chance
from tests.simulation.client import Client
from tests.simulation.trace import Trace
from tests.simulation.witness import Witness

BURST = 6  # keys in one go, at most
PASTED = 40  # characters, at most
CUT = 8  # characters, at most


class Person:
    """Does one thing after the other, whatever the state of the connection."""

    def __init__(self, client: Client, chance: Chance, witness: Witness, trace: Trace) -> None:
        self.client = client
        self._chance = chance
        self._witness = witness
        self._trace = trace
        self._cursor = 0

    def act(self) -> None:
        """Do anything that a person can do."""
        (deed,) = self._chance.choices(list(DEEDS), list(DEEDS.values()))
        self._trace.note(self.client.name, deed.__name__)
        before = self.client.text
        deed(self)
        after = self.client.text
        if after != before:
            self._witness.changed(self.client.author, before, after)

    # With the text

    def types(self) -> None:
        self._type(self._place(), 1)

    def types_on(self) -> None:
        """Write where one wrote last, several keys."""
        here = min(self._cursor, len(self.client.text))
        self._type(here, self._chance.randint(2, BURST))

    def pastes(self) -> None:
        with self.client.undoing.deed():
            self._insert(self._place(), self._chance.randint(2, PASTED))

    def deletes(self) -> None:
        self._delete(self._place())

    def deletes_the_beginning(self) -> None:
        """Delete where others do, too."""
        self._delete(0)

    def undoes(self) -> None:
        if self.client.settled:
            self.client.undoing.undo()

    def redoes(self) -> None:
        if self.client.settled:
            self.client.undoing.redo()

    # With the connection

    def moves_the_cursor(self) -> None:
        self.client.awareness.show({"at": self._place()})

    def goes_offline(self) -> None:
        self.client.go_offline()

    def comes_online(self) -> None:
        self.client.go_online()

    def moves(self) -> None:
        """Go over to another process, perhaps, with everything that is not stored yet."""
        self.client.hang_up()

    # How that is done

    def _place(self) -> int:
        return self._chance.randint(0, len(self.client.text))

    def _type(self, place: int, keys: int) -> None:
        with self.client.undoing.deed():
            for key in range(keys):
                self._insert(place + key, 1)

    def _insert(self, place: int, length: int) -> None:
        written = self._witness.new_text(self.client.author, length)
        self.client.content.insert(self._byte(place), written)
        self._cursor = place + length

    def _delete(self, start: int) -> None:
        first = self._byte(start)
        last = self._byte(start + self._chance.randint(1, CUT))
        if first < last:
            with self.client.undoing.deed():
                del self.client.content[first:last]

    def _byte(self, place: int) -> int:
        return len(self.client.text[:place].encode())


DEEDS = {
    Person.types: 8,
    Person.types_on: 6,
    Person.pastes: 1,
    Person.deletes: 5,
    Person.deletes_the_beginning: 2,
    Person.undoes: 3,
    Person.redoes: 1,
    Person.moves_the_cursor: 2,
    Person.goes_offline: 1,
    Person.comes_online: 3,
    Person.moves: 1,
}
