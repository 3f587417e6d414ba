"""Catching up: a member that was too slow gets what it missed from the log (laws 6 and 7)."""

from collections.abc import Awaitable, Callable
from itertools import islice

from anyio import to_thread

from crdt.attribution import credits_of
from crdt.messages import encode_sync_update
from persistence.edits import edit_of
from persistence.log import Entry
from persistence.store import Store
from server.frames import binary_frames
from server.member import Member
from server.room import Room

ROWS_AT_ONCE = 200

Send = Callable[[bytes], Awaitable[None]]


async def catch_up(store: Store, room: Room, member: Member, send: Send) -> None:
    """Send the rows after what the member has, as fast as it reads, then open its outbox again."""
    outbox = member.outbox
    while member.joined and outbox.sent < room.head:
        for entry in await to_thread.run_sync(_page, store, room.article, outbox.sent, room.head):
            await send(binary_frames(_messages(room, member, entry)))
            outbox.sent = entry.seq
    outbox.resume()
    room.resume(member)


def _page(store: Store, article: int, after: int, until: int) -> list[Entry]:
    return list(islice(store.log.read(article, after, until), ROWS_AT_ONCE))


def _messages(room: Room, member: Member, entry: Entry) -> list[bytes]:
    messages = [encode_sync_update(entry.payload)]
    if member.wants_attribution:
        at_ms, edit = edit_of(entry)
        credit = credits_of(edit, at_ms)
        messages.insert(0, room.audience.encode_attribution(entry.seq, credit))
    return messages
