"""The loom: what takes edits into an article, and can be set up in small steps."""

from collections import deque
from collections.abc import Generator

from pycrdt import IdMap

from crdt.attribution import Attribution
from crdt.carry import Carry
from crdt.columns import read_columns, write_columns
from crdt.edit import Edit
from crdt.gate import Gate
from crdt.limits import OWN_LIMITS
from crdt.ownership import Ownership
from crdt.state import State
from crdt.update import decode_update
from crdt.weave import Weave


class Loom:
    """Weave, gate and carry of one article, and the steps that are left until they can be used.

    A state with columns is taken in step by step, since that takes some hundredths of a second for
    a large article, which its readers need not wait for; any other state at once.
    """

    __slots__ = ("_rows", "_steps", "carry", "gate", "ready", "weave")

    def __init__(self, root: str, ownership: Ownership, ledger: Attribution, state: State) -> None:
        self.weave = Weave()
        self.gate = Gate(self.weave, ownership, root)
        self.carry = Carry(self.weave, ledger)
        self.ready = False
        self._rows: deque[Edit] = deque()
        self._steps = self._set_up(state)
        if not state.weave:
            self._integrate(state, ledger)
            self.ready = True

    def _integrate(self, state: State, ledger: Attribution) -> None:
        update = decode_update(state.update, OWN_LIMITS)
        self.weave.integrate(update.structs, update.deletions)
        self.carry.learn(ledger.inserts)

    def _set_up(self, state: State) -> Generator[None]:
        yield from read_columns(state.weave, self.weave)
        self.carry.restore(state.copies)
        while self._rows:
            self._take(self._rows.popleft())
            yield
        self.ready = True

    def step(self) -> bool:
        """Work for about a millisecond; whether everything is ready."""
        if not self.ready:
            next(self._steps, None)
        return self.ready

    def finish(self) -> None:
        """Take all the steps that are left."""
        while not self.ready:
            self.step()

    def replay(self, edit: Edit) -> None:
        """Take in a row of the log, now or with the steps that are left."""
        if self.ready:
            self._take(edit)
        else:
            self._rows.append(edit)

    def _take(self, edit: Edit) -> None:
        self.weave.integrate(edit.structs, edit.deletions)
        if edit.carried is not None:
            self.carry.learn(IdMap.decode(edit.carried))

    def close(self) -> None:
        """Give the memory back."""
        self._steps.close()
        self.weave.clear()

    def pack(self) -> tuple[bytes, bytes]:
        """Columns and copies, for a state."""
        return write_columns(self.weave), self.carry.copies()
