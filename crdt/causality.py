"""Causal order: every struct after what it builds on."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from math import inf

from crdt.errors import MissingDependencies
from crdt.structs import Struct

Sections = dict[int, deque[Struct]]


def by_client(structs: Iterable[Struct]) -> Sections:
    """Client id -> its structs, in the order given."""
    sections: Sections = {}
    for struct in structs:
        sections.setdefault(struct.client, deque()).append(struct)
    return sections


def in_causal_order(sections: Sections, clocks: Mapping[int, int]) -> Iterator[Struct]:
    """Take the structs out of `sections` (client id -> structs by clock) in an order to integrate.

    `clocks` (client id -> next clock) must advance as the caller integrates what it is given.
    MissingDependencies when the next struct builds on something that is neither known nor to come,
    or that in turn waits for it. No recursion: a chain of clients cannot exhaust the stack.
    """
    for client in sections:
        waiting: dict[int, float] = {client: inf}
        while waiting:
            current, needed = next(reversed(waiting.items()))
            queue = sections[current]
            if not queue or clocks.get(current, 0) > needed:
                waiting.popitem()
            elif (blocker := _blocker(queue[0], clocks)) is None:
                yield queue.popleft()
            else:
                _wait_for(blocker, waiting, sections)


def _blocker(struct: Struct, clocks: Mapping[int, int]) -> tuple[int, int] | None:
    """The first ID that `struct` needs and `clocks` do not have."""
    if struct.clock > clocks.get(struct.client, 0):
        before = (struct.client, struct.clock - 1)
        raise MissingDependencies("It continues an edit that has not arrived here.", before)
    for needed in (struct.origin, struct.right_origin):
        if needed is not None and needed[1] >= clocks.get(needed[0], 0):
            return needed
    return None


def _wait_for(blocker: tuple[int, int], waiting: dict[int, float], sections: Sections) -> None:
    client, clock = blocker
    if client in waiting or not sections.get(client):
        raise MissingDependencies("It builds on an edit that has not arrived here.", blocker)
    waiting[client] = clock
