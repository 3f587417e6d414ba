"""Suspects: what is in quarantine, as lines for an operator."""

from collections.abc import Iterator

from crdt.errors import Refusal
from crdt.limits import UpdateLimits
from crdt.structs import Kind, Struct
from crdt.update import decode_update
from persistence.quarantine import Suspect
from persistence.store import Store
from server.pipe import unpack

MOST_TEXT = 60  # characters of a struct's text that are shown
MOST_STRUCTS = 20  # of an update
READABLE = UpdateLimits(structs=200_000, deletions=200_000, clients=20_000)


def headings(store: Store) -> Iterator[str]:
    """Give a line for each suspect: id, time, reason, article, author, size, release."""
    for suspect in store.quarantine.list():
        yield f"{suspect.id}  {_heading(suspect, store)}"


def show(store: Store, number: int) -> Iterator[str]:
    """Give the heading, then what is in each update, and its bytes. UnknownSuspect."""
    suspect = store.quarantine.get(number)
    yield _heading(suspect, store)
    for position, update in enumerate(unpack(suspect.payload), 1):
        yield f"update {position}, {len(update)} bytes:"
        yield from (f"  {line}" for line in _contents(update))
        yield f"  {update.hex()}"


def _heading(suspect: Suspect, store: Store) -> str:
    author = store.authors.get(suspect.author)
    updates = unpack(suspect.payload)
    released = f"released {suspect.released_at:%Y-%m-%d %H:%M}" if suspect.released_at else "kept"
    return "  ".join(
        [
            f"{suspect.at:%Y-%m-%d %H:%M:%S}",
            suspect.reason,
            "certain" if suspect.certain else "perhaps",
            f"article {suspect.article}",
            f"{author.name} ({author.id})",
            f"{len(updates)} updates, {sum(map(len, updates))} bytes",
            released,
        ]
    )


def _contents(update: bytes) -> Iterator[str]:
    """Say what an update holds, with our own reader only: yrs never sees it."""
    try:
        decoded = decode_update(update, READABLE)
    except Refusal as refusal:
        yield f"cannot be read: {refusal}"
        return
    yield from map(_line, decoded.structs[:MOST_STRUCTS])
    if len(decoded.structs) > MOST_STRUCTS:
        yield f"and {len(decoded.structs) - MOST_STRUCTS} more"
    deleted = sum(deletion.length for deletion in decoded.deletions)
    yield f"deletes {deleted} units in {len(decoded.deletions)} ranges"


def _line(struct: Struct) -> str:
    kind = Kind(struct.kind).name.lower()
    text = struct.content[:MOST_TEXT]
    place = f"after {struct.origin}, before {struct.right_origin}"
    return f"{struct.client}:{struct.clock} {kind} of {struct.length} {place}: {text!r}"
