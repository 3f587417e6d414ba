"""The audience: the members of one room, and what all of them get to see."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from crdt.attribution import Attribution
from crdt.awareness import Awareness, PresenceLimits
from crdt.errors import Refusal
from crdt.messages import Entry, encode_attribution, encode_presence, encode_sync_update
from crdt.ownership import Ownership
from persistence.authors import Author
from server.elsewhere import Elsewhere
from server.member import Member
from server.news import Present, Shown
from server.outbox import Parcel
from server.telemetry import Telemetry

# Seconds for each member in which no presence is shown after some was: it takes at most a fifth of
# the time, also when a thousand come back at once.
PACE = 20e-6


def _nobody(_shown: Iterable[Shown]) -> None:
    """There are no other processes."""


class Audience:
    """The members, their presence, and the authors that they read of.

    `authors` has every author that the article's ledger names. `tell` has other processes hear
    what members show.
    """

    __slots__ = (
        "_authors",
        "_awareness",
        "_elsewhere",
        "_everybody",
        "_members",
        "_news",
        "_quiet_until",
        "_telemetry",
        "_tell",
        "_untold",
    )

    def __init__(
        self,
        ownership: Ownership,
        limits: PresenceLimits,
        authors: Mapping[str, Author],
        telemetry: Telemetry,
        tell: Callable[[Iterable[Shown]], None] = _nobody,
    ) -> None:
        self._members: set[Member] = set()
        self._awareness = Awareness(ownership, limits)
        self._elsewhere = Elsewhere(self._awareness)
        self._tell = tell
        self._untold: dict[int, Shown] = {}
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

    @property
    def writers(self) -> bool:
        """Whether anybody is here, or in the article elsewhere, who may write."""
        return bool(self._elsewhere) or any(member.showing for member in self._members)

    def strangers(self, authors: Iterable[str]) -> set[str]:
        """Those of the author ids whose names are not known."""
        return set(authors).difference(self._authors)

    def know(self, author: Author) -> None:
        """Note the name and colour of an author who may write."""
        self._authors[author.id] = author

    def leave(self, member: Member) -> None:
        """Let a member go; its presence goes with it."""
        self._members.remove(member)
        self._telemetry.members.dec()
        if member.showing is not None:
            self._show_and_tell(member.showing.author, self._awareness.leave(member.showing))

    def present(self, member: Member, entries: Iterable[Entry]) -> None:
        """Take in a member's presence; PresenceRefused. A reader without a name has only an echo.

        The echo keeps stock clients connected, which hang up on 30 seconds of silence.
        """
        entries = tuple(entries)
        if member.showing is None:
            member.put(Parcel.of(encode_presence(entries)))
        else:
            shown = self._awareness.receive(member.showing, entries)
            self._show_and_tell(member.showing.author, shown)

    def hear(self, news: Present, now: float) -> None:
        """Take in what another process told of presence; `now` in seconds."""
        self._show(self._elsewhere.hear(news.process, news.shown, now, whole=news.whole))

    def forget(self, before: float) -> None:
        """Let those go whose process was not heard of since (seconds)."""
        self._show(self._elsewhere.forget(before))

    def shown_here(self) -> list[Shown]:
        """What the members show."""
        showings = [member.showing for member in self._members if member.showing]
        return [
            Shown(showing.author, self._awareness.shown(client))
            for showing in showings
            for client in showing.clocks
        ]

    def rely_on(self, ownership: Ownership) -> None:
        """Go by another value of the article's ownership."""
        self._awareness.rely_on(ownership)

    def _show_and_tell(self, author: str, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._untold[entry.client] = Shown(author, entry)
            self._show([entry])

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
        if self._untold:
            told, self._untold = self._untold, {}
            self._tell(told.values())

    def show_everybody(self, member: Member) -> None:
        """Show a member who is here; what has changed since the last flush comes with the next."""
        if self._everybody is None:
            everybody = self._awareness.everybody()
            self._everybody = Parcel.of(*([encode_presence(everybody)] if everybody else []))
        if self._everybody.frames:
            member.put(self._everybody)

    def show(self, update: bytes, seq: int, added: Callable[[], Attribution]) -> None:
        """Show all who have been told the whole article what is new up to `seq`.

        It is encoded once, and once more with who wrote it, `added`, for those who want to know.
        """
        joined = [member for member in self._members if member.joined]
        message = encode_sync_update(update)
        plain = told = Parcel.of(message, seq=seq)
        if any(member.wants_attribution for member in joined):
            told = Parcel.of(self.encode_attribution(seq, added()), message, seq=seq)
        for member in joined:
            member.put(told if member.wants_attribution else plain)
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
