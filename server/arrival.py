"""An arrival: a row of the log that another process stored, on its way into a room."""

from collections.abc import Iterable
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.edit import Edit
from persistence.edits import edit_of
from persistence.log import Entry


class Arrival(NamedTuple):
    """The row at `seq`, as an edit, and when it was stored (Unix ms)."""

    seq: int
    at_ms: int
    edit: Edit


def arrivals_of(entries: Iterable[Entry]) -> list[Arrival]:
    """Decode rows of one article's log."""
    return [Arrival(entry.seq, *edit_of(entry)) for entry in entries]


def credited(arrivals: Iterable[Arrival]) -> Attribution:
    """Who inserted and deleted what in these rows."""
    added = Attribution()
    for arrival in arrivals:
        added.credit(arrival.edit, arrival.at_ms)
    return added
