"""The causal past: what whoever inserted something must have seen before.

An insertion tells three things that its client had: its client's own IDs before it, and its two
origins. What those needed, it had too. An honest client put it between two neighbours, so nothing
of that past can stand between its origins. A forger who says otherwise would have the item land in
different places on different replicas; where the rule holds, the whole document could have been
written by honest clients, for whom YATA's order is the same in every order of arrival.
"""

from bisect import bisect_left

from crdt.errors import TooEntangled
from crdt.structs import ID, Struct

Past = dict[int, int]  # client id -> next clock


class Pasts:
    """For every client, which clocks of which others it needed, and from which own clock on."""

    __slots__ = ("_needs",)

    def __init__(self) -> None:
        self._needs: dict[int, dict[int, tuple[list[int], list[int]]]] = {}

    def note(self, client: int, clock: int, origin: ID | None, right_origin: ID | None) -> None:
        """Remember what the ID (client, clock), which is the client's newest, builds on."""
        if origin is not None and origin[0] != client:
            self._need(client, clock, origin)
        if right_origin is not None and right_origin[0] != client:
            self._need(client, clock, right_origin)

    def _need(self, client: int, clock: int, needed: ID) -> None:
        needs = self._needs.setdefault(client, {})
        froms, clocks = needs.setdefault(needed[0], ([], []))
        if not clocks or clocks[-1] <= needed[1]:
            froms.append(clock)
            clocks.append(needed[1] + 1)

    def forget(self, client: int, clock: int) -> None:
        """Forget the client's structs from `clock` on."""
        for froms, clocks in self._needs.get(client, {}).values():
            while froms and froms[-1] >= clock:
                froms.pop()
                clocks.pop()

    def before(self, struct: Struct, steps: int) -> tuple[Past, int]:
        """The least past of a struct, and how many of the allowed `steps` are left."""
        past = {struct.client: struct.clock}
        for origin in (struct.origin, struct.right_origin):
            if origin is not None:
                past[origin[0]] = max(past.get(origin[0], 0), origin[1] + 1)
        todo = list(past)
        while todo:
            client = todo.pop()
            needs = self._needs.get(client, {})
            steps -= len(needs)
            if steps < 0:
                raise TooEntangled("Finding what an insertion builds on takes too many steps.")
            for other, (froms, clocks) in needs.items():
                count = bisect_left(froms, past[client])
                if count and clocks[count - 1] > past.get(other, 0):
                    past[other] = clocks[count - 1]
                    todo.append(other)
        return past, steps
