"""Concurrency: whether edits that were admitted apart may stand in the log one after the other.

Two processes may each admit an edit without having seen the other's. Content commutes, but three
decisions of an admission do not: who inserted an ID (the first), who deleted it (the first), and
which living copy of a text is carried (see Carry). Where none of them is touched by both sides,
each side's edits are what they would have been, had they been admitted after the other's.
"""

from collections.abc import Iterable, Sequence

from crdt.edit import Edit
from crdt.structs import Kind, Struct

Range = tuple[int, int, int]  # client, first clock, and the clock behind it


def commute(ours: Sequence[Edit], theirs: Sequence[Edit]) -> bool:
    """Whether both orders of the two sides are one and the same history."""
    return (
        not _meet(_inserted(ours), _inserted(theirs))
        and not _meet(_deleted(ours), _deleted(theirs))
        and not (_carry(ours) and _carry(theirs))
    )


def contradicts(structs: Iterable[Struct], stored: Iterable[Struct]) -> bool:
    """Whether `structs` put something else under IDs that `stored` ones have.

    Then two copies of one replica went on, each by itself: a client that uses Yjs as it is meant
    to be used does not do that.
    """
    by_client: dict[int, list[Struct]] = {}
    for other in stored:
        by_client.setdefault(other.client, []).append(other)
    return any(
        _differ(struct, other) for struct in structs for other in by_client.get(struct.client, ())
    )


def _differ(struct: Struct, other: Struct) -> bool:
    """Whether two structs of one client share clocks and are not the same there.

    Of what was deleted since, a client may have forgotten what it was.
    """
    first = max(struct.clock, other.clock)
    end = min(struct.clock + struct.length, other.clock + other.length)
    if first >= end or Kind.DELETED in {struct.kind, other.kind}:
        return False
    return _part(struct, first, end) != _part(other, first, end)


def _part(struct: Struct, first: int, end: int) -> tuple[object, ...]:
    """What stands under the clocks, and before what it was put."""
    content = struct.content
    if isinstance(content, str):
        content = content.encode("utf-16-le")[2 * (first - struct.clock) : 2 * (end - struct.clock)]
    return struct.kind, content, struct.right_origin


def _inserted(edits: Iterable[Edit]) -> list[Range]:
    return [(s.client, s.clock, s.clock + s.length) for edit in edits for s in edit.structs]


def _deleted(edits: Iterable[Edit]) -> list[Range]:
    return [(d.client, d.clock, d.clock + d.length) for edit in edits for d in edit.deletions]


def _carry(edits: Iterable[Edit]) -> bool:
    return any(edit.carried is not None for edit in edits)


def _meet(ours: Sequence[Range], theirs: Sequence[Range]) -> bool:
    """Whether a range of the one side has an ID in common with one of the other."""
    if not ours or not theirs:
        return False
    clients = {client for client, _, _ in ours} & {client for client, _, _ in theirs}
    both = [(*each, side) for side in (0, 1) for each in (ours, theirs)[side] if each[0] in clients]
    return _overlap(sorted(both))


def _overlap(ranges: Iterable[tuple[int, int, int, int]]) -> bool:
    """Whether ranges of different sides overlap; they come in order."""
    latest: dict[tuple[int, int], int] = {}  # (client, side) -> end of its ranges so far
    for client, first, end, side in ranges:
        if latest.get((client, 1 - side), 0) > first:
            return True
        latest[client, side] = max(end, latest.get((client, side), 0))
    return False
