"""A pen: text that comes over HTTP, written into an article by an author as any client would."""

import asyncio
import secrets

from pycrdt import Doc, Text

from crdt.errors import Refusal
from crdt.livearticle import LiveArticle
from persistence.authors import Author
from persistence.errors import SlugTaken
from server.limits import full_rules
from server.room import Room
from server.settings import Settings
from server.submission import Submission

CLIENT_BITS = 53  # a fresh client id of our own; JavaScript holds 53 bits exactly


class Pen:
    """A writer that hears what became of its one update."""

    stuck = False

    def __init__(self, author: str) -> None:
        self.author = author
        self.outcome: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def bring(self, clients: int) -> None:
        """Bring the one client id of a text."""

    def refused(self, refusal: Refusal) -> None:
        """Pass the refusal on to whoever waits."""
        if not self.outcome.done():
            self.outcome.set_exception(refusal)

    lost = put_off = refused

    def stored(self, seq: int) -> None:
        """Pass the seq on to whoever waits."""
        if not self.outcome.done():  # whoever waited may have gone
            self.outcome.set_result(seq)

    def resync(self, state_vector: bytes) -> bool:  # noqa: ARG002 - nothing more to send
        """Say that there is nothing more to send."""
        return False


async def write(
    room: Room, author: Author, text: str, settings: Settings, *, first: bool = False
) -> int:
    """Add `text` at the end of the article; return its seq when it is durable.

    A refusal of the gate, or StorageUnavailable when the room failed meanwhile. As the `first`
    words of the article: SlugTaken when it has some already.
    """
    pen = Pen(author.id)
    rules = full_rules(settings)

    def submit(live: LiveArticle) -> None:
        if first and live.head:
            pen.refused(SlugTaken("There is an article with this slug already."))
            return
        update = _appended(live, settings.root_name, text)
        room.submit(Submission(pen, update, rules))

    room.at_rest(submit, pen.lost)
    return await pen.outcome


def _appended(live: LiveArticle, root: str, text: str) -> bytes:
    doc: Doc[Text] = Doc(client_id=secrets.randbits(CLIENT_BITS))
    doc.apply_update(live.document.diff(b"\x00"))
    content, before = doc.get(root, type=Text), doc.get_state()
    content += text
    return doc.get_update(before)
