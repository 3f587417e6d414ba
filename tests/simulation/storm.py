"""A storm: everything that goes wrong for a while, at times that are drawn."""

import asyncio
from collections.abc import Callable
from functools import partial

from tests.simulation.link import Link
from tests.simulation.person import Person
from tests.simulation.world import World

STALL = 0.5  # mean seconds of a stall
OUTAGE = 0.5  # mean seconds of an outage of the store
ALONG = 0.3  # the probability that a page is reloaded just then
TURNS = 6  # of the loop, at most, from a moment to the death of a process in it


class Storm:
    """Has people do things, and things go wrong, from its making until it is over."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._loop = asyncio.get_running_loop()
        self._raging = True
        self._chance = world.chance("storm")
        troubles = world.plan.troubles
        self._again(troubles.link_breaks_every, self._break_link)
        self._again(troubles.link_stalls_every, self._stall_link)
        self._again(troubles.outage_every, self._outage)
        self._again(troubles.bus_stalls_every, self._stall_bus)
        self._again(troubles.kill_every, self._kill)
        self._again(troubles.stop_every, self._stop)
        for person in world.people:
            self._again(world.plan.pause, person.act)
            self._again(troubles.reload_every, partial(self._reload, person))

    def _again(self, every: float, act: Callable[[], None]) -> None:
        """Act from time to time, so many seconds apart on average; 0 stands for never."""
        if every and self._raging:
            self._loop.call_later(self._chance.lasts(every), self._act, every, act)

    def _act(self, every: float, act: Callable[[], None]) -> None:
        if self._raging:
            act()
            self._again(every, act)

    def over(self) -> None:
        """End: whatever was wrong works again, and everybody comes back."""
        self._raging = False
        self._world.trace.note("storm", "is over")
        self._world.disk.heal()
        for process in self._world.processes:
            process.way.dead = False
        for client in self._world.clients:
            client.go_online()

    def _break_link(self) -> None:
        if alive := [link for link in self._world.links if link.open]:
            self._note("breaks", link := self._chance.choice(alive))
            link.break_down()

    def _stall_link(self) -> None:
        if alive := [link for link in self._world.links if link.open]:
            self._note("stalls", link := self._chance.choice(alive))
            link.stall(self._chance.lasts(STALL))

    def _note(self, what: str, link: Link) -> None:
        self._world.trace.note("link", what, link.end.name)

    def _outage(self) -> None:
        """Have the store answer nobody for a while, or one process."""
        ways = [process.way for process in self._world.processes]
        out = self._chance.choice([self._world.disk, *ways])
        self._world.trace.note("store", "does not answer")
        out.dead = True
        self._loop.call_later(self._chance.lasts(OUTAGE), setattr, out, "dead", False)

    def _stall_bus(self) -> None:
        process = self._world.processes[self._place()]
        self._world.trace.note("bus", "stalls", process.name)
        process.bus.stall(self._chance.lasts(STALL))

    def _reload(self, person: Person) -> None:
        self._world.trace.note(person.client.name, "is reloaded")
        self._world.reload(person)

    def _kill(self) -> None:
        place = self._place()
        turns = self._chance.randint(0, TURNS)
        self._after_turns(turns, lambda: self._world.end(place, kindly=False))
        if self._chance.happens(ALONG):
            self._reload(self._chance.choice(self._world.people))

    def _stop(self) -> None:
        self._world.end(self._place(), kindly=True)

    def _place(self) -> int:
        return self._chance.randrange(self._world.plan.processes)

    def _after_turns(self, turns: int, act: Callable[[], None]) -> None:
        """Act in a later turn of the loop, at the same time."""
        if turns:
            self._loop.call_soon(self._after_turns, turns - 1, act)
        elif self._raging:
            act()
