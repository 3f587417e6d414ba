"""A state vector: what a replica has inserted so far, as client id -> next clock."""

from collections.abc import Mapping

from crdt.encoding import read_varuint, write_varuint
from crdt.errors import MalformedUpdate, UpdateTooLarge
from crdt.limits import MAX_CLOCK, UpdateLimits


def decode_state_vector(data: bytes, limits: UpdateLimits) -> dict[int, int]:
    """MalformedUpdate where it is not one, UpdateTooLarge where it is beyond the limits."""
    if len(data) > limits.size:
        raise UpdateTooLarge("A state vector is too large.")
    try:
        vector, pos = _read_clocks(data, limits)
    except IndexError:
        raise MalformedUpdate("A state vector ends too early.") from None
    except ValueError as reason:
        raise MalformedUpdate(str(reason)) from None
    if pos != len(data):
        raise MalformedUpdate("A state vector is followed by other bytes.")
    return vector


def _read_clocks(data: bytes, limits: UpdateLimits) -> tuple[dict[int, int], int]:
    count, pos = read_varuint(data, 0)
    if count > limits.clients:
        raise UpdateTooLarge("A state vector names too many clients.")
    vector: dict[int, int] = {}
    for _ in range(count):
        client, pos = read_varuint(data, pos)
        if client in vector:
            raise ValueError("A state vector names a client twice.")
        vector[client], pos = read_varuint(data, pos)
        if vector[client] > MAX_CLOCK:
            raise ValueError("A clock is 2^31 or larger.")
    return vector, pos


def encode_state_vector(vector: Mapping[int, int]) -> bytes:
    """Write the clients in descending order, as Yjs does."""
    out = bytearray()
    write_varuint(out, len(vector))
    for client in sorted(vector, reverse=True):
        write_varuint(out, client)
        write_varuint(out, vector[client])
    return bytes(out)
