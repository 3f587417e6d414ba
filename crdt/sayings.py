"""Sayings: what the ledger says of each range of IDs, laid out for many look-ups."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from pycrdt import IdMap

from crdt.attribution import source_of
from crdt.structs import ID


class Written(NamedTuple):
    """`author` wrote it in the minute `at_ms` (Unix ms).

    What was carried says by whom and when, and `carried_from`, as the ledger writes it.
    """

    author: str
    at_ms: int
    carried_from: str | None
    carried_by: str | None
    carried_at_ms: int | None

    def source(self, identity: ID) -> ID:
        """The ID whose text stands under `identity`: its own, or the one it was carried from."""
        if self.carried_from is None:
            return identity
        return source_of(self.carried_from, identity[1])


class Removed(NamedTuple):
    """`author` deleted it in the minute `at_ms` (Unix ms)."""

    author: str
    at_ms: int


T = TypeVar("T")


class Sayings(Generic[T]):
    """One map of the ledger."""

    def __init__(self, ids: IdMap, read: Callable[[dict[str, Any]], T]) -> None:
        self._clients: dict[int, tuple[list[int], list[int], list[T]]] = {}
        for client, part in ids.entries():
            starts, ends, values = self._clients.setdefault(client, ([], [], []))
            starts.append(part.start)
            ends.append(part.end)
            values.append(read({each.name: each.value for each in part.attributes}))

    def of(self, client: int, clock: int, length: int) -> Iterator[tuple[int, T]]:
        """(length in UTF-16 units, what is said) of each part; every ID must be in the map."""
        starts, ends, values = self._clients[client]
        index, end = bisect_right(starts, clock) - 1, clock + length
        while clock < end:
            until = min(ends[index], end)
            yield until - clock, values[index]
            clock, index = until, index + 1


def written(inserts: IdMap) -> Sayings[Written]:
    """Lay out who wrote what."""
    return Sayings(inserts, _written)


def removed(deletes: IdMap) -> Sayings[Removed]:
    """Lay out who deleted what."""
    return Sayings(deletes, _removed)


def _written(said: dict[str, Any]) -> Written:
    carried_at = said.get("carriedAt")
    return Written(
        said["insert"],
        int(said["insertAt"]),
        said.get("carriedFrom"),
        said.get("carriedBy"),
        None if carried_at is None else int(carried_at),
    )


def _removed(said: dict[str, Any]) -> Removed:
    return Removed(said["delete"], int(said["deleteAt"]))
