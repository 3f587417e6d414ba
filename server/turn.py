"""A turn: what one turn of the committer adds to one article."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.concurrency import commute
from crdt.edit import Edit
from persistence.edits import edit_of, row_of
from persistence.log import Append, Entry


class Turn(NamedTuple):
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


def appended(article: int, head: int, edits: Sequence[Edit], claims: Mapping[int, str]) -> Append:
    """Say what to append for edits that were admitted at `head`.

    It may follow what other processes stored meanwhile, where both orders are one history.
    """

    def follows(between: Sequence[Entry]) -> bool:
        return commute(edits, [edit_of(entry)[1] for entry in between])

    return Append(article, head, tuple(map(row_of, edits)), claims, follows)
