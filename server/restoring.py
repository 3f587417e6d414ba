"""Restoring: an earlier text brought back as a new edit of whoever restores it.

The difference is computed from the log by the historian, as positions of IDs, so that others may
type meanwhile. It enters through the room's queue; where a copy of the same text came in first, it
is computed again.
"""

import secrets
from collections.abc import Iterable
from typing import NamedTuple

from crdt.deleted import wanted_with
from crdt.errors import StandsAgain
from crdt.filling import filled
from crdt.letters import Gap, gaps
from crdt.livearticle import LiveArticle
from crdt.restoration import Restoration
from crdt.section import Headed, letters, section_gaps
from crdt.standing import Standing, standing
from persistence.articles import Article
from persistence.authors import Author
from persistence.sections import Section, sections
from persistence.store import Store
from server.historian import Historian
from server.limits import loop_rules
from server.moments import article_at
from server.pen import CLIENT_BITS, Pen
from server.refusals import NothingToRestore, UnknownPassage, UnknownSection
from server.room import Room
from server.rooms import Rooms
from server.settings import Settings
from server.submission import Submission

ATTEMPTS = 5
COPIES_AT_ONCE = 100  # each is looked up in the ledger on the event loop


class Revision(NamedTuple):
    """The text of a revision is to be restored, or the section of it with a heading."""

    number: int
    section: str | None = None


class Passage(NamedTuple):
    """A deleted passage is to be restored: ranges of client, clock, length (UTF-16 units)."""

    ids: tuple[tuple[int, int, int], ...]


Wish = Revision | Passage


def planned(
    store: Store, root: str, article: int, wish: Wish, client: int, most_bytes: int
) -> list[Restoration]:
    """Compute what makes the wish true at the head of the log, in portions; for the historian.

    `client` is a client id that nobody has used. NothingToRestore, UnknownRevision, UnknownSection,
    UnknownPassage; StructureRefused where a passage begins or ends inside a character.
    """
    with article_at(store, root, article, None) as live:
        differing = _differing(store, root, live, article, wish)
        whole = filled(live.weave, differing, root, client)
    if not whole:
        raise NothingToRestore("The article has that text already.")
    return list(whole.portions(COPIES_AT_ONCE, most_bytes))


def _differing(
    store: Store, root: str, live: LiveArticle, article: int, wish: Wish
) -> Iterable[Gap]:
    """Where the article differs from what is wished."""
    if isinstance(wish, Passage):
        return gaps(live.weave, live.ledger, _text_with(live, wish))
    seq = store.revisions.get(article, wish.number).seq
    with article_at(store, root, article, seq) as then:
        if wish.section is not None:
            return _section_gaps(live, then, wish.section)
        return gaps(live.weave, live.ledger, standing(then.weave))


def _section_gaps(live: LiveArticle, then: LiveArticle, heading: str) -> list[Gap]:
    section = next((each for each in _headed(then.text()) if each.heading == heading), None)
    if section is None:
        raise UnknownSection(f"The revision has no section with the heading {heading}.")
    text = letters(then.weave, then.ledger)
    return section_gaps(live.weave, live.ledger, text, section, _headed(live.text()))


def _headed(text: str) -> list[Headed]:
    """The sections of a Markdown text, each up to the next heading of its level or above."""
    parts = [part for part in sections(text) if part.level]
    return [
        Headed(
            part.start, _end(parts[index + 1 :], part.level, len(text)), part.level, part.heading
        )
        for index, part in enumerate(parts)
    ]


def _end(following: Iterable[Section], level: int, end: int) -> int:
    return next((part.start for part in following if part.level <= level), end)


def _text_with(live: LiveArticle, wish: Passage) -> Standing:
    """What stands, and the passage; as far as it stands again, it is not wanted once more."""
    if not all(live.has((client, clock + length - 1)) for client, clock, length in wish.ids):
        raise UnknownPassage("The article has no text under some of these IDs.")
    now = standing(live.weave)
    passage = Standing(wish.ids)
    wanted = wanted_with(live.weave, live.ledger, passage)
    if list(wanted) == list(now):
        raise NothingToRestore("That passage stands in the article again.")
    return wanted


class Restorer:
    """Restores in the rooms of one app."""

    def __init__(self, rooms: Rooms, historian: Historian, settings: Settings) -> None:
        self._rooms = rooms
        self._historian = historian
        self._settings = settings

    async def restore(self, article: Article, author: Author, wish: Wish) -> int:
        """Make a wish true as an edit of `author`; return its seq when it is durable.

        NothingToRestore, UnknownRevision, the gate's refusals, StorageUnavailable; StandsAgain when
        others bring the same text back all the time.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._attempt(article, author, wish)
            except StandsAgain:
                continue
        return await self._attempt(article, author, wish)

    async def _attempt(self, article: Article, author: Author, wish: Wish) -> int:
        client = secrets.randbits(CLIENT_BITS)
        settings = self._settings
        plan = await self._historian.run(
            planned, settings.root_name, article.id, wish, client, settings.loop_update_bytes
        )
        async with self._rooms.open(article) as room:
            room.audience.know(author)
            for portion in plan:
                seq = await self._enter(room, author, portion)
        return seq

    async def _enter(self, room: Room, author: Author, portion: Restoration) -> int:
        pen = Pen(author.id)
        rules = loop_rules(self._settings)
        room.submit(Submission(pen, portion.update, rules, portion))
        return await pen.outcome
