"""Standing: a set of IDs, such as those of the text that stood at some point of the log."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from crdt.structs import Kind
from crdt.weave import Weave

_STRING = int(Kind.STRING)


class Standing:
    """The union of ranges (client, clock, length), given in any order."""

    def __init__(self, ranges: Iterable[tuple[int, int, int]]) -> None:
        self._clients: dict[int, tuple[list[int], list[int]]] = {}
        for client, clock, length in sorted(ranges):
            starts, ends = self._clients.setdefault(client, ([], []))
            if ends and clock <= ends[-1]:
                ends[-1] = max(ends[-1], clock + length)
            else:
                starts.append(clock)
                ends.append(clock + length)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self._clients)

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """The ranges, by client and clock, none touching another."""
        for client, (starts, ends) in self._clients.items():
            for start, end in zip(starts, ends, strict=True):
                yield client, start, end - start

    def parts(self, client: int, clock: int, length: int) -> Iterator[tuple[int, bool]]:
        """(length, whether it is in the set) of each part of a range, in order of clocks."""
        starts, ends = self._clients.get(client, ((), ()))
        index, end = bisect_right(starts, clock) - 1, clock + length
        while clock < end:
            inside = index >= 0 and clock < ends[index]
            if inside:
                until = min(ends[index], end)
            else:
                index += 1
                until = min(starts[index], end) if index < len(starts) else end
            yield until - clock, inside
            clock = until

    def covers(self, client: int, clock: int, length: int) -> bool:
        """Whether all of a range is in the set."""
        return all(inside for _, inside in self.parts(client, clock, length))

    def meets(self, client: int, clock: int, length: int) -> bool:
        """Whether any of a range is in the set."""
        return any(inside for _, inside in self.parts(client, clock, length))


def standing(weave: Weave) -> Standing:
    """The IDs of the visible text."""
    return Standing(
        (block.client, block.clock, block.length)
        for block in weave
        if not block.deleted and block.kind == _STRING
    )
