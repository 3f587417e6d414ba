"""Renewing: a room goes on with what the log has, where what it had in hand cannot follow that."""

import asyncio
from time import monotonic

from anyio import to_thread

from crdt.livearticle import LiveArticle
from persistence.store import Store
from server.arrival import Arrival, arrivals_of
from server.follower import Follower
from server.opener import Opener
from server.place import Place
from server.room import Room


class Renewing:
    """Gives rooms another live article; their members stay, and what is in hand is gated again."""

    def __init__(self, store: Store, opener: Opener, follower: Follower) -> None:
        self._store = store
        self._opener = opener
        self._follower = follower

    async def renew(self, place: Place, room: Room) -> LiveArticle:
        """Renew the room, which is paused; give the live article that is to be closed then.

        LogUnavailable.
        """
        await asyncio.sleep(place.renew(monotonic()))
        live = await self._opener.live(room.article)
        between = await to_thread.run_sync(self._between, room.article, room.head, live.head)
        await self._follower.introduce(room, between)
        if room.ended:
            return live
        place.checkpoint, place.grown = live.restored, 0
        return room.renew(live, between)

    def _between(self, article: int, after: int, until: int) -> list[Arrival]:
        return arrivals_of(self._store.log.read(article, after, until))
