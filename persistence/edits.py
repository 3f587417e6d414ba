"""Rows of the log as the core's edits."""

from crdt.edit import Edit
from crdt.limits import OWN_LIMITS
from crdt.update import decode_update
from persistence.log import Entry, Row


def edit_of(entry: Entry) -> tuple[int, Edit]:
    """Give the time (Unix ms) and the edit that a row of the log holds."""
    update = decode_update(entry.payload, OWN_LIMITS)
    edit = Edit(entry.author, update.structs, update.deletions, entry.payload, entry.carried)
    return int(entry.at.timestamp() * 1000), edit


def row_of(edit: Edit) -> Row:
    """Give the row of the log that holds an edit."""
    return Row(edit.author, edit.payload, edit.carried)
