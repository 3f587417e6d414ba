"""What a room promises; the committer, the store and the members are the real ones."""

import asyncio

import pytest

from server.refusals import StorageUnavailable
from tests.support import wire
from tests.support.forging import insertion, text
from tests.support.live import Guest, House, SlowStore, house, until


def _kinds(frames: list[bytes]) -> list[int]:
    return [frame[0] for frame in frames]


async def _blocked(here: House, guest: Guest, words: str) -> SlowStore:
    """Have an edit on its way into the log that does not get there yet."""
    store = here.store
    assert isinstance(store, SlowStore)
    began = store.log.began
    store.log.block()
    guest.type(words)
    await until(lambda: store.log.began > began)
    return store


async def test_nobody_sees_an_edit_before_it_is_durable_not_even_its_sender() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        store = await _blocked(here, ada, "secret")
        assert (await ada.read(), await bob.read()) == ([], [])
        store.log.release()
        await bob.until(lambda: bob.text == "secret")


async def test_who_joins_during_a_commit_is_answered_after_it() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        store = await _blocked(here, ada, "secret")
        late = Guest(here, ada.room, here.bob, attribution=True)
        late.join()
        assert await late.read() == []
        store.log.release()
        await late.until(lambda: late.text == "secret")
        assert set(late.ledger.inserted.values()) == {"ada"}


async def test_a_snapshot_during_a_commit_shows_no_uncommitted_character() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        store = await _blocked(here, ada, "secret")
        snapshot = asyncio.create_task(here.rooms.snapshot(article))
        store.log.errors.append(StorageUnavailable("lost"))
        store.log.release()
        with pytest.raises(StorageUnavailable):
            await snapshot
        assert (await here.rooms.snapshot(article)).text == ""


async def test_a_question_that_nobody_waits_for_any_more_harms_no_commit() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        store = await _blocked(here, ada, "one")
        impatient = asyncio.create_task(here.rooms.snapshot(article))
        await asyncio.sleep(0)
        impatient.cancel()
        writing = asyncio.create_task(here.rooms.write(article, here.bob, "never mind"))
        await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(impatient, writing, return_exceptions=True)
        store.log.release()
        await ada.until(lambda: ada.frames)
        assert here.rooms.running
        ada.type(" two")
        await ada.until(lambda: any(b" two" in frame for frame in ada.frames))


async def test_the_sender_gets_its_edit_back_as_the_receipt() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        update = ada.make("mine")
        ada.submit(update)
        await ada.until(lambda: wire.sync(wire.UPDATE, update) in ada.frames)


async def test_all_members_share_one_frame_of_a_turn() -> None:
    async with house() as here:
        article = here.article()
        guests = [await here.guest(article, here.ada) for _ in range(3)]
        guests[0].type("shared")
        for guest in guests:
            await until(guest.pending)
        frames = [guest.member.outbox._parcels[0].frames for guest in guests]
        assert all(shared is frames[0] for shared in frames)


async def test_attribution_comes_before_its_update_and_only_to_who_asked() -> None:
    async with house() as here:
        article = here.article()
        asking = await here.guest(article, here.ada, attribution=True)
        stock = await here.guest(article, here.bob)
        asking.frames.clear()
        stock.frames.clear()
        asking.type("mine")
        await asking.until(lambda: len(asking.frames) == 2)
        await stock.until(lambda: stock.frames)
        assert _kinds(asking.frames) == [wire.ATTRIBUTION, wire.SYNC]
        assert _kinds(stock.frames) == [wire.SYNC]


async def test_authors_of_one_turn_get_a_row_each_in_order_and_dense() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        store = await _blocked(here, ada, "first ")
        began = store.log.began
        ada.type("a1")
        ada.type("a2")
        bob.type("b")
        ada.type("a3")
        store.log.release()
        await until(lambda: store.log.heads([article.id])[article.id] == 4)
        rows = list(store.log.read(article.id))
        assert [row.seq for row in rows] == [1, 2, 3, 4]
        assert [row.author for row in rows] == ["ada", "ada", "bob", "ada"]
        assert store.log.began == began + 1


async def test_what_was_missing_a_predecessor_comes_in_when_that_arrives() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        first, second = ada.make("one "), ada.make("two")
        ada.submit(second)
        ada.submit(first)
        await bob.until(lambda: bob.text == "one two")
        assert ada.asked == []


async def test_what_misses_something_too_long_is_asked_for_once_and_then_refused() -> None:
    async with house(parked_seconds=0.01) as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        ada.make("never sent")
        ada.submit(ada.make("builds on it"))
        await ada.until(lambda: ada.asked)
        ada.submit(ada.make("and more"))
        await ada.until(lambda: ada.refusals)
        assert len(ada.asked) == 1
        assert "missing-dependencies" in ada.refusals[0]
        ada.submit(ada.doc.get_update(ada.asked[0]))
        await ada.until(lambda: ada.frames[-1][0] == wire.SYNC)
        snapshot = await here.rooms.snapshot(article)
        assert snapshot.text == "never sentbuilds on itand more"


async def test_a_step_1_to_a_stuck_writer_names_nothing_uncommitted() -> None:
    async with house(parked_seconds=0.01) as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        bob.make("lost")
        bob.submit(bob.make("gap"))
        store = await _blocked(here, ada, "secret")
        ada.room.expire()
        assert await bob.read() == []
        store.log.release()
        await bob.until(lambda: bob.asked or ada.doc.client_id in dict(_vectors(bob)))


def _vectors(guest: Guest) -> list[tuple[int, int]]:
    return [pair for vector in guest.asked for pair in wire.state_vector(vector)]


async def test_a_malformed_update_closes_its_sender_alone() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        ada.submit(b"\x01\x02\x03")
        await until(lambda: ada.closed)
        assert ada.closed is not None
        assert ada.closed.close == 4400
        bob.type("undisturbed")
        await bob.until(lambda: bob.frames)
        assert bob.closed is None


async def test_a_refused_edit_is_told_and_the_connection_stays() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        ada.type("mine")
        await bob.until(lambda: bob.text)
        bob.submit(insertion(ada.doc.client_id, 4, text("forged", (ada.doc.client_id, 3))))
        await bob.until(lambda: bob.refusals)
        assert bob.refusals[0].startswith("foreign-client-id: ")
        assert bob.closed is None


async def test_a_refusal_reaches_a_writer_that_lags() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        bob = await here.guest(article, here.bob, outbox_bytes=200)
        ada.type("mine")
        await bob.until(lambda: bob.text)
        while not bob.member.outbox.lagging:
            await ada.stored("more " * 10)
        bob.submit(insertion(ada.doc.client_id, 10_000, text("forged")))
        await bob.until(lambda: bob.refusals)


async def test_a_joiner_whose_outbox_is_full_is_answered_after_it_has_caught_up() -> None:
    async with house() as here:
        article = here.article()
        await here.rooms.write(article, here.ada, "word " * 1000)
        late = Guest(here, await here.room(article), here.bob, outbox_bytes=100)
        late.room.audience.present(late.member, _presence(late))
        await until(late.pending)
        late.join()
        assert late.member.outbox.lagging
        await late.read()
        late.member.outbox.resume()
        late.room.resume(late.member)
        await late.until(lambda: late.text == "word " * 1000)


def _presence(guest: Guest) -> list:
    from crdt.messages import Entry  # noqa: PLC0415

    return [Entry(guest.doc.client_id, 1, '{"cursor": "a long one, to have some bytes"}')]


async def test_of_many_questions_during_a_commit_one_is_kept() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        store = await _blocked(here, ada, "words")
        late = Guest(here, ada.room, here.bob)
        for _ in range(100):
            late.join()
        assert len(late.room._rest._waiting) == 1
        store.log.release()
        await late.until(lambda: late.text == "words")
        assert len(late.frames) == 1


async def test_who_enters_a_room_that_has_just_ended_is_sent_back_at_once() -> None:
    async with house() as here:
        room = await here.room(here.article())
        room.close(StorageUnavailable("gone"))
        late = Guest(here, room, here.bob)
        late.join()
        late.type("into the void")
        assert late.closed is not None
        assert late.closed.close == 4503
        assert room.begin_turn(0, lambda: True) is None


async def test_a_room_that_ends_during_its_commit_shows_nothing_of_it() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        store = await _blocked(here, ada, "secret")
        ada.room.close(StorageUnavailable("gone"))
        store.log.release()
        await until(lambda: store.log.heads([article.id])[article.id] == 1)
        assert await bob.read() == []
        assert here.rooms.running
