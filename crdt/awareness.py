"""Awareness: who is here and where their cursors are; never stored.

A client id shows the presence of its owner only (law 2), and its name and colour are the server's
word, whatever the client wrote (law 3). Clients of the y-websocket protocol pass on the presence of
others, so what comes under a foreign id is no attack: it is known already and falls away.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crdt.errors import ForeignClient, PresenceRefused
from crdt.messages import Entry
from crdt.ownership import Ownership

GONE = "null"


@dataclass(frozen=True, slots=True)
class PresenceLimits:
    """What one connection may show: client ids at once, and bytes of each one's JSON."""

    clients: int
    size: int


@dataclass(eq=False, slots=True)
class Showing:
    """What one connection shows; `user` is what the server says of its author."""

    author: str
    user: Mapping[str, str]
    clocks: dict[int, int] = field(default_factory=dict)  # of the client ids it shows


class Awareness:
    """The presence of everybody in one article."""

    __slots__ = ("_limits", "_ownership", "_shown_by", "_states")

    def __init__(self, ownership: Ownership, limits: PresenceLimits) -> None:
        self._ownership = ownership
        self._limits = limits
        self._states: dict[int, Entry] = {}
        self._shown_by: dict[int, Showing] = {}

    def receive(self, showing: Showing, entries: Iterable[Entry]) -> list[Entry]:
        """Take in what a connection sent; return what everybody is to see of it, stamped.

        A client id that is free becomes the author's. PresenceRefused for a presence that is too
        large or no JSON object: nothing of the message is taken in then.
        """
        stamped = [self._stamp(showing, entry) for entry in entries]
        return [entry for entry in stamped if self._take(showing, entry)]

    def relay(self, showing: Showing, entries: Iterable[Entry]) -> list[Entry]:
        """Take in what another server process received and stamped; return as `receive` does."""
        return [entry for entry in entries if self._take(showing, entry)]

    def rely_on(self, ownership: Ownership) -> None:
        """Go by another value of the same article's ownership; claims made here go with it."""
        for client, author in self._ownership.claims().items():
            if ownership.owner(client) is None:
                ownership.claim(client, author)
        self._ownership = ownership

    def shown(self, client: int) -> Entry:
        """What everybody sees under a client id that is shown."""
        return self._states[client]

    def _stamp(self, showing: Showing, entry: Entry) -> Entry:
        if entry.state == GONE:
            return entry
        if len(entry.state.encode()) > self._limits.size:
            raise PresenceRefused(f"A presence may have {self._limits.size} bytes.")
        return entry._replace(state=_stamped(entry.state, showing.user))

    def _take(self, showing: Showing, entry: Entry) -> bool:
        known = self._states.get(entry.client)
        if entry.state == GONE:
            mine = self._shown_by.get(entry.client) is showing
            return mine and self._forget(showing, entry.client)
        if known is not None and entry.clock <= known.clock:
            return False
        if not self._may_show(showing, entry.client):
            return False
        self._show(showing, entry)
        return True

    def _may_show(self, showing: Showing, client: int) -> bool:
        if client not in showing.clocks and len(showing.clocks) == self._limits.clients:
            return False
        try:
            self._ownership.claim(client, showing.author)
        except ForeignClient:
            return False
        return True

    def _show(self, showing: Showing, entry: Entry) -> None:
        before = self._shown_by.get(entry.client)
        if before is not None and before is not showing:  # it came back on another connection
            del before.clocks[entry.client]
        self._states[entry.client] = entry
        self._shown_by[entry.client] = showing
        showing.clocks[entry.client] = entry.clock

    def _forget(self, showing: Showing, client: int) -> bool:
        del self._states[client], self._shown_by[client], showing.clocks[client]
        return True

    def leave(self, showing: Showing) -> list[Entry]:
        """Forget what a connection showed; return what tells everybody that it has gone."""
        gone = [Entry(client, clock, GONE) for client, clock in showing.clocks.items()]
        for entry in gone:
            self._forget(showing, entry.client)
        return gone

    def everybody(self) -> list[Entry]:
        """The presence of all who are here."""
        return list(self._states.values())


def _stamped(text: str, user: Mapping[str, str]) -> str:
    """The object with its user; in ASCII, since JSON may name half a surrogate pair."""
    try:
        state = json.loads(text)
        if not isinstance(state, dict):
            raise PresenceRefused("A presence is not a JSON object.")
        # Python reads NaN and Infinity, no browser does.
        return json.dumps(state | {"user": user}, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError):
        raise PresenceRefused("A presence is not JSON.") from None
