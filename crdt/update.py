"""An update: structs and deletions, read strictly from version 1 of the Yjs encoding.

The wire, as equations (docs/protocol.md tells more):

    update     := structs deletions
    structs    := varUint(#clients) { varUint(#structs) varUint(client) varUint(clock) struct* }*
    deletions  := varUint(#clients) { varUint(client) varUint(#ranges) range* }*
    range      := varUint(clock) varUint(length)

Of the forms that mean the same to a lenient reader only the one that honest writers write is read:
the shortest integers, every client once, nothing empty, nothing behind the end. An update of
version 2 is therefore refused and never mistaken for an empty one of version 1.
"""

from collections.abc import Sequence
from typing import NamedTuple

from crdt.deletions import Deletion, read_deletions, write_deletions
from crdt.errors import MalformedUpdate, UpdateTooLarge
from crdt.limits import UpdateLimits
from crdt.statevector import decode_state_vector, encode_state_vector
from crdt.structreader import read_structs
from crdt.structs import ID, Kind, Struct
from crdt.structwriter import write_structs
from crdt.suffix import suffix
from crdt.utf16 import utf16_length

__all__ = [
    "ID",
    "Deletion",
    "Kind",
    "Struct",
    "Update",
    "UpdateLimits",
    "decode_parts",
    "decode_state_vector",
    "decode_update",
    "encode_state_vector",
    "encode_update",
    "suffix",
    "utf16_length",
]


class Update(NamedTuple):
    """What an update brings and what it deletes, both in wire order."""

    structs: tuple[Struct, ...]
    deletions: tuple[Deletion, ...]


def decode_update(data: bytes, limits: UpdateLimits) -> Update:
    """MalformedUpdate where `data` is not a strict update, UpdateTooLarge where it is too much."""
    return decode_parts(data, limits)[0]


def decode_parts(data: bytes, limits: UpdateLimits) -> tuple[Update, int]:
    """Read an update as `decode_update` does, and tell at which byte its deletions begin."""
    if len(data) > limits.size:
        raise UpdateTooLarge(f"An update is larger than {limits.size} bytes.")
    try:
        structs, at = read_structs(data, 0, limits)
        deletions, pos = read_deletions(data, at, limits)
    except IndexError:
        raise MalformedUpdate("An update ends too early.") from None
    except ValueError as reason:
        raise MalformedUpdate(str(reason)) from None
    if pos != len(data):
        raise MalformedUpdate("An update is followed by other bytes.")
    return Update(structs, deletions), at


def encode_update(structs: Sequence[Struct], deletions: Sequence[Deletion]) -> bytes:
    """Write the update that brings `structs` and deletes `deletions`, each given in any order.

    Clients descend and neighbours that continue each other are one, as Yjs itself writes; a gap
    between the structs of a client becomes a skip. ValueError where structs overlap.
    """
    out = bytearray()
    write_structs(out, structs)
    write_deletions(out, deletions)
    return bytes(out)
