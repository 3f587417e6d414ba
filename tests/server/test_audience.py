import asyncio
import json
from typing import Any

import pytest

from crdt.errors import PresenceRefused
from crdt.messages import Entry
from server import audience
from tests.support import wire
from tests.support.live import Guest, house


def _show(guest: Guest, clock: int, client: int | None = None, **state: Any) -> None:
    shown = Entry(client or guest.doc.client_id, clock, json.dumps(state))
    guest.room.audience.present(guest.member, [shown])


def _presence_frames(guest: Guest) -> list[bytes]:
    return [frame for frame in guest.frames if frame[0] == wire.AWARENESS]


async def test_presence_of_one_loop_turn_goes_out_as_one_frame_with_the_latest_states() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        for clock in range(1, 6):
            _show(ada, clock, cursor=clock)
        _show(bob, 1, cursor=0)
        await bob.until(lambda: len(bob.presences) == 2)
        assert len(_presence_frames(bob)) == 1
        assert bob.presences[ada.doc.client_id]["cursor"] == 5


async def test_the_server_says_whose_presence_it_is() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        _show(ada, 1, user={"name": "Bob", "id": "bob"})
        await bob.until(lambda: bob.presences)
        assert bob.presences[ada.doc.client_id]["user"] == {"id": "ada", "name": "Ada"}


async def test_the_echo_reaches_its_sender() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        _show(ada, 1)
        await ada.until(lambda: ada.doc.client_id in ada.presences)


async def test_presence_does_not_wait_for_a_commit() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        log: Any = here.store.log
        log.block()
        ada.type("secret")
        _show(ada, 1)
        await bob.until(lambda: bob.presences)
        assert bob.text == ""
        log.release()


async def test_who_leaves_takes_the_presence_along() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        _show(ada, 1)
        await bob.until(lambda: bob.presences)
        ada.leave()
        await bob.until(lambda: bob.presences == {ada.doc.client_id: None})


async def test_who_enters_sees_who_is_here() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        _show(ada, 1)
        late = await here.guest(article, here.bob)
        assert ada.doc.client_id in late.presences


async def test_a_reader_without_a_token_gets_its_echo_and_nobody_else_sees_it() -> None:
    async with house() as here:
        article = here.article()
        ada, reader = await here.guest(article, here.ada), await here.guest(article, None)
        _show(reader, 1)
        await reader.until(lambda: reader.doc.client_id in reader.presences)
        await asyncio.sleep(0)
        await ada.read()
        assert ada.presences == {}


async def test_presence_under_the_client_id_of_another_author_is_ignored() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        await ada.stored("mine now")
        _show(bob, 1, client=ada.doc.client_id)
        _show(bob, 1)
        await ada.until(lambda: ada.presences)
        assert set(ada.presences) == {bob.doc.client_id}


async def test_a_presence_that_is_no_object_is_refused() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        with pytest.raises(PresenceRefused):
            ada.room.audience.present(ada.member, [Entry(1, 1, "[]")])


async def test_attribution_names_every_author_with_a_colour() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("by Ada")
        reader = await here.guest(article, None, attribution=True)
        assert reader.ledger.names == {"ada": {"name": "Ada", "colour": "#336699"}}


async def test_the_more_are_here_the_less_often_presence_is_shown() -> None:
    """One who shows a thousand states has not the others read a thousand frames."""
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        ada.room.audience._quiet_until = asyncio.get_running_loop().time() + 0.2
        for clock in range(1, 1_001):
            _show(ada, clock, cursor=clock)
            await asyncio.sleep(0)
        await bob.until(lambda: bob.presences)
        assert len(_presence_frames(bob)) == 1
        assert bob.presences[ada.doc.client_id]["cursor"] == 1_000


async def test_after_showing_presence_there_is_a_pause_for_each_member() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        began = asyncio.get_running_loop().time()
        _show(ada, 1)
        await ada.until(lambda: ada.presences)
        assert ada.room.audience._quiet_until >= began + audience.PACE


async def test_who_asks_in_the_pause_sees_what_has_changed_with_the_next_frame() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        _show(ada, 1, at="first")
        await ada.until(lambda: ada.presences)
        await here.guest(article, here.bob)  # makes the cache
        ada.room.audience._quiet_until = asyncio.get_running_loop().time() + 0.2
        _show(ada, 2, at="second")
        late = await here.guest(article, here.cyd)
        await late.until(lambda: late.presences[ada.doc.client_id]["at"] == "second")


async def test_who_left_while_somebody_came_is_gone_in_the_end() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        _show(ada, 1)
        await ada.until(lambda: ada.presences)
        await here.guest(article, here.bob)
        ada.room.audience._quiet_until = asyncio.get_running_loop().time() + 0.2
        ada.leave()
        late = await here.guest(article, here.cyd)
        await late.until(lambda: late.presences == {ada.doc.client_id: None})
