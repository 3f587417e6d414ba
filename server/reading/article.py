"""An article as it is read: what the historian makes of a moment, ready to be put into a page."""

from typing import NamedTuple

from crdt.limits import OWN_LIMITS
from crdt.statevector import decode_state_vector
from persistence.store import Store
from server.moments import Moment, moment_at
from server.reading.citations import cited
from server.reading.cleaning import cleaned
from server.reading.credits import Credits, Firsts
from server.reading.markdown import Unreadable, plain, tokens
from server.reading.sections import Section
from server.reading.tokens import Token
from server.reading.told import Teller
from server.reading.writer import Writer

MOST_SHOWN = 1_000_000  # code points of a text; a hostile one of this length takes some seconds


class Wanted(NamedTuple):
    """An article at a seq; `revision` is its number there, None for the newest text.

    `latest` is the number of the newest revision, since it decides what is told of new text.
    """

    article: int
    seq: int
    revision: int | None
    latest: int | None


class Reading(NamedTuple):
    """An article as HTML and what stands around it; pieces of HTML are marked as safe later."""

    wanted: Wanted
    title: str  # HTML of the first heading, "" if the text does not begin with one
    body: str  # HTML
    notes: str  # HTML: what clicking a run leads to
    sections: tuple[Section, ...]
    authors: tuple[tuple[str, int], ...]  # ids with code points, most first; a run's class by place
    is_cut: bool

    @property
    def size(self) -> int:
        """About how many bytes it takes to keep."""
        return len(self.title) + len(self.body) + len(self.notes)


def read(store: Store, root: str, wanted: Wanted) -> Reading:
    """Make the reading of an article at a moment: a job of the historian. NotFound."""
    firsts = Firsts(
        (number, decode_state_vector(vector, OWN_LIMITS))
        for number, vector in store.revisions.vectors(wanted.article)
    )
    moment = moment_at(store, root, wanted.article, wanted.seq)
    return _reading(store, wanted, moment, Credits(moment.stretches, firsts))


def _reading(store: Store, wanted: Wanted, moment: Moment, credit: Credits) -> Reading:
    authors = tuple(credit.characters.most_common())
    classes = {author: place for place, (author, _) in enumerate(authors)}
    teller = Teller(_names(store, credit), wanted.revision)
    text = moment.text
    said, references = _said(text[:MOST_SHOWN])
    writer = Writer(credit, classes, references, lambda number: teller.line(credit.told[number]))
    written = writer.write(said)
    notes = (teller.note(n, classes[told.author], told) for n, told in enumerate(credit.told))
    return Reading(
        wanted,
        cleaned(written.title),
        cleaned(written.body),
        "".join(notes),
        written.sections,
        authors,
        len(text) > MOST_SHOWN,
    )


def _said(text: str) -> tuple[list[Token], dict[int, str]]:
    try:
        return cited(list(tokens(text)))
    except Unreadable:
        return list(plain(text)), {}


def _names(store: Store, credit: Credits) -> dict[str, str]:
    named = {told.carried_by for told in credit.told if told.carried_by} | set(credit.characters)
    return {author.id: author.name for author in store.authors.many(named).values()}
