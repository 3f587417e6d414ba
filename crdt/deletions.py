"""Deletions: the ranges of IDs that an update deletes, client by client."""

from collections.abc import Sequence
from typing import NamedTuple

from crdt.encoding import read_varuint, write_varuint
from crdt.errors import UpdateTooLarge
from crdt.limits import MAX_CLOCK, UpdateLimits


class Deletion(NamedTuple):
    """The IDs (client, clock) to (client, clock + length - 1) are deleted."""

    client: int
    clock: int
    length: int


_deletion = tuple.__new__  # half the time that the constructor of a named tuple takes


def read_deletions(data: bytes, pos: int, limits: UpdateLimits) -> tuple[tuple[Deletion, ...], int]:
    """All ranges in wire order; each client's ascend and do not overlap."""
    if not data[pos]:
        return (), pos + 1
    clients, pos = read_varuint(data, pos)
    if clients > limits.clients:
        raise UpdateTooLarge("An update deletes content of too many clients.")
    deletions: list[Deletion] = []
    seen: set[int] = set()
    for _ in range(clients):
        client, pos = read_varuint(data, pos)
        if client in seen:
            raise ValueError("An update names a client's deletions twice.")
        seen.add(client)
        count, pos = read_varuint(data, pos)
        if count + len(deletions) > limits.deletions:
            raise UpdateTooLarge("An update deletes too many ranges.")
        pos = _read_ranges(data, pos, client, count, deletions)
    return tuple(deletions), pos


def _read_ranges(data: bytes, pos: int, client: int, count: int, out: list[Deletion]) -> int:
    """Read one client's ranges. A synced client tells thousands: short integers are read here."""
    if not count:
        raise ValueError("An update names a client and deletes nothing of it.")
    end = 0
    for _ in range(count):
        length, clock = data[pos + 1], data[pos]
        if clock < 0x80:
            pos += 1
        elif 0 < length < 0x80:
            clock, pos = clock & 0x7F | length << 7, pos + 2
        else:
            clock, pos = read_varuint(data, pos)
        length = data[pos]
        if length < 0x80:
            pos += 1
        else:
            length, pos = read_varuint(data, pos)
        if not length:
            raise ValueError("A deleted range is empty.")
        if clock < end:
            raise ValueError("Deleted ranges overlap or are out of order.")
        end = clock + length
        out.append(_deletion(Deletion, (client, clock, length)))
    if end > MAX_CLOCK:
        raise ValueError("A clock is 2^31 or larger.")
    return pos


def write_deletions(out: bytearray, deletions: Sequence[Deletion]) -> None:
    """Append the ranges, given in any order, clients descending, ranges ascending and merged."""
    if not deletions:
        out.append(0)
        return
    clients: dict[int, list[Deletion]] = {}
    for deletion in deletions:
        clients.setdefault(deletion.client, []).append(deletion)
    write_varuint(out, len(clients))
    for client in sorted(clients, reverse=True):
        ranges = _merged(sorted(clients[client]))
        write_varuint(out, client)
        write_varuint(out, len(ranges))
        for start, end in ranges:
            write_varuint(out, start)
            write_varuint(out, end - start)


def _merged(deletions: Sequence[Deletion]) -> list[tuple[int, int]]:
    """(start, end) of the union."""
    ranges: list[tuple[int, int]] = []
    for _, clock, length in deletions:
        start, end = ranges[-1] if ranges else (-1, -1)
        if clock <= end:
            ranges[-1] = (start, max(end, clock + length))
        else:
            ranges.append((clock, clock + length))
    return ranges
