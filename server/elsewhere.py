"""Elsewhere: who shows presence in one article through other processes.

A process tells everybody it has again and again. Of one that is not heard of any more nobody is
there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crdt.awareness import GONE, Awareness, Showing
from crdt.messages import Entry
from server.news import Shown


@dataclass(eq=False, slots=True)
class _Process:
    """What each client id shows there, and when it was told of last (seconds)."""

    heard: float = 0.0
    showings: dict[int, Showing] = field(default_factory=dict)


class Elsewhere:
    """Presence that came over the bus, entered into the article's awareness."""

    __slots__ = ("_awareness", "_processes")

    def __init__(self, awareness: Awareness) -> None:
        self._awareness = awareness
        self._processes: dict[str, _Process] = {}

    def __bool__(self) -> bool:
        """Whether anybody is there."""
        return bool(self._processes)

    def hear(self, process: str, shown: Iterable[Shown], now: float, *, whole: bool) -> list[Entry]:
        """Take in what a process told, all of it if `whole`; give what everybody is to see."""
        there = self._processes.setdefault(process, _Process())
        there.heard = now
        told = tuple(shown)
        changed = [entry for each in told for entry in self._take(there, each)]
        if whole:
            silent = there.showings.keys() - {each.entry.client for each in told}
            changed += self._leave(there, silent)
        if not there.showings:
            del self._processes[process]
        return changed

    def _take(self, there: _Process, shown: Shown) -> list[Entry]:
        author, entry = shown
        if entry.state == GONE:
            return self._leave(there, {entry.client} & there.showings.keys())
        showing = there.showings.setdefault(entry.client, Showing(author, {}))
        changed = self._awareness.relay(showing, [entry])
        if entry.client not in showing.clocks:  # somebody else's, or it has gone on to elsewhere
            del there.showings[entry.client]
        return changed

    def _leave(self, there: _Process, clients: Iterable[int]) -> list[Entry]:
        showings = [there.showings.pop(client) for client in sorted(clients)]
        return [entry for showing in showings for entry in self._awareness.leave(showing)]

    def forget(self, before: float) -> list[Entry]:
        """Let those go whose process was not heard of since; give what everybody is to see."""
        silent = [name for name, there in self._processes.items() if there.heard < before]
        return [
            entry
            for there in [self._processes.pop(name) for name in silent]
            for entry in self._leave(there, list(there.showings))
        ]
