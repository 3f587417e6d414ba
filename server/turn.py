"""A turn: what one turn of the committer adds to one article."""

from dataclasses import dataclass

from crdt.attribution import Attribution
from crdt.edit import Edit
from persistence.log import Append


@dataclass(frozen=True, slots=True)
class Turn:
    """The rows to append, as edits too; `update` is all of it in one update."""

    append: Append
    edits: tuple[Edit, ...]
    update: bytes
    at_ms: int

    def added(self) -> Attribution:
        """Who inserted and deleted what in this turn."""
        added = Attribution()
        for edit in self.edits:
            added.credit(edit, self.at_ms)
        return added
