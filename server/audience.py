"""The audience: the members of one room, and what all of them get to see."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from crdt.attribution import Attribution
from crdt.awareness import Awareness, PresenceLimits
from crdt.errors import Refusal
from crdt.messages import Entry, encode_attribution, encode_presence
from crdt.ownership import Ownership
from persistence.authors import Author
from server.member import Member
from server.outbox import Parcel
from server.telemetry import Telemetry

# Seconds for each member in which no presence is shown after some was: it takes at most a fifth of
# the time, also when a thousand come back at once.
PACE = 20e-6


class Audience:
    """The members, their presence, and the authors that they read of.

    `authors` has every author that the article's ledger names.
    """

    def __init__(
        self,
        ownership: Ownership,
        limits: PresenceLimits,
        authors: Mapping[str, Author],
        telemetry: Telemetry,
    ) -> None:
        self._members: set[Member] = set()
        self._awareness = Awareness(ownership, limits)
        self._authors = dict(authors)
        self._telemetry = telemetry
        self._news: dict[int, Entry] = {}
        self._quiet_until = 0.0  # in the loop's time
        self._everybody: Parcel | None = None  # a cache

    def __bool__(self) -> bool:
        """Whether anybody is here."""
        return bool(self._members)

    def __iter__(self) -> Iterator[Member]:
        """Everybody who is here."""
        return iter(self._members)

    def enter(self, member: Member, author: Author | None) -> None:
        """Welcome a member and show it who is here."""
        self._members.add(member)
        self._telemetry.members.inc()
        if author is not None:
            self.know(author)
        self.show_everybody(member)

    def renames(self, author: Author) -> bool:
        """Whether the author was known by another name or colour."""
        return self._authors.get(author.id, author) != author

    def know(self, author: Author) -> None:
        """Note the name and colour of an author who may write."""
        self._authors[author.id] = author

    def leave(self, member: Member) -> None:
        """Let a member go; its presence goes with it."""
        self._members.remove(member)
        self._telemetry.members.dec()
        if member.showing is not None:
            self._show(self._awareness.leave(member.showing))

    def present(self, member: Member, entries: Iterable[Entry]) -> None:
        """Take in a member's presence; PresenceRefused. A reader without a name has only an echo.

        The echo keeps stock clients connected, which hang up on 30 seconds of silence.
        """
        entries = tuple(entries)
        if member.showing is None:
            member.put(Parcel.of(encode_presence(entries)))
        else:
            self._show(self._awareness.receive(member.showing, entries))

    def _show(self, entries: Iterable[Entry]) -> None:
        """Show presence to everybody soon, the latest of each client."""
        flushing = bool(self._news)
        self._news.update((entry.client, entry) for entry in entries)
        if self._news and not flushing:
            asyncio.get_running_loop().call_at(self._quiet_until, self._flush)

    def _flush(self) -> None:
        self._quiet_until = asyncio.get_running_loop().time() + PACE * len(self._members)
        self._everybody = None
        parcel = Parcel.of(encode_presence(self._news.values()))
        self._news.clear()
        for member in self._members:
            member.put(parcel)

    def show_everybody(self, member: Member) -> None:
        """Show a member who is here; what has changed since the last flush comes with the next."""
        if self._everybody is None:
            everybody = self._awareness.everybody()
            self._everybody = Parcel.of(*([encode_presence(everybody)] if everybody else []))
        if self._everybody.frames:
            member.put(self._everybody)

    def show(self, plain: Parcel, told: Callable[[], Parcel]) -> None:
        """Show a turn to all who have been told the whole article: `told` to whom wants authors."""
        joined = [member for member in self._members if member.joined]
        parcels = {False: plain}
        if any(member.wants_attribution for member in joined):
            parcels[True] = told()
        for member in joined:
            member.put(parcels[member.wants_attribution])
        self._telemetry.delivered(len(joined))

    def encode_attribution(self, seq: int, attribution: Attribution) -> bytes:
        """Tell who wrote what up to `seq`, with the names and colours of the authors."""
        authors = (self._authors[author] for author in sorted(attribution.authors()))
        named = {a.id: {"name": a.name, "colour": a.colour} for a in authors}
        return encode_attribution(seq, attribution, json.dumps(named, ensure_ascii=False))

    def close(self, refusal: Refusal) -> None:
        """Send everybody away, with a reason."""
        for member in self._members:
            member.close(refusal)
