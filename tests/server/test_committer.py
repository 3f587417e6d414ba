import asyncio
import time
from collections.abc import Iterable, Sequence
from datetime import datetime

import pytest

from persistence.errors import HeadMoved, LogUnavailable
from persistence.log import Append, Theirs
from server.pace import Pace
from server.room import Room
from tests.support.instead import instead
from tests.support.live import PATIENCE, Guest, House, SlowStore, house, until


async def _two(here: House) -> tuple[SlowStore, Guest, Guest]:
    """A guest in each of two articles."""
    assert isinstance(here.store, SlowStore)
    ada = await here.guest(here.article(), here.ada)
    bob = await here.guest(here.article(), here.bob)
    return here.store, ada, bob


async def _in_one_batch(store: SlowStore, *guests: Guest) -> None:
    """Have an edit of each guest in the same transaction, which is held up."""
    store.log.block()
    began = store.log.began
    first = guests[0]
    first.type("first ")
    await until(lambda: store.log.began > began)
    for guest in guests:
        guest.type("edit")


async def _again(here: House, guest: Guest, author: str) -> Guest:
    """Come back as a stock client does: with the same document, bringing what it has."""
    article = next(a for a in here._articles if a.id == guest.room.article)
    person = here.store.authors.get(author)
    back = await here.guest(article, person, doc=guest.doc)
    await until(lambda: here.rooms.storage.ok)
    back.submit(back.doc.get_update())
    return back


async def test_what_waits_during_a_commit_goes_into_one_next_transaction() -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        await _in_one_batch(store, ada, bob)
        ada.type(" more")
        began = store.log.began
        store.log.release()
        await ada.until(lambda: ada.room.head == 2)
        await bob.until(lambda: bob.room.head == 1)
        assert store.log.began == began + 1


async def test_a_moved_head_makes_just_that_room_anew_and_sends_nobody_away() -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        await _in_one_batch(store, ada, bob)
        before = ada.room._live, bob.room._live
        store.log.release()
        store.log.errors += [HeadMoved([ada.room.article])]
        bob.type(" goes on")
        await bob.until(lambda: bob.room.head > 0)
        await ada.until(lambda: ada.room.head > 0)
        assert (ada.closed, bob.closed) == (None, None)
        assert (ada.room._live is before[0], bob.room._live is before[1]) == (False, True)
        assert (await here.rooms.snapshot(here._articles[0])).text == "first edit"


async def test_trouble_with_the_database_drops_every_room_of_the_batch_with_a_retry_code() -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        idle = await here.guest(here.article(), here.cyd)
        store.log.block()
        ada.type("one")
        bob.type("two")
        await until(lambda: store.log.began)
        store.log.errors.append(LogUnavailable("the disk"))
        store.log.release()
        await until(lambda: ada.closed)
        assert ada.closed is not None
        assert ada.closed.close == 4503
        assert idle.closed is None


@pytest.mark.parametrize("error", [LogUnavailable("x"), RuntimeError("ours")])
async def test_who_comes_back_brings_the_edits_again_and_nothing_is_lost(error: Exception) -> None:
    async with house() as here:
        store, ada, _ = await _two(here)
        store.log.errors.append(error)
        ada.type("precious")
        await until(lambda: ada.closed)
        assert not any(b"precious" in frame for frame in await ada.read())
        back = await _again(here, ada, "ada")
        await back.until(lambda: any(b"precious" in frame for frame in back.frames))
        snapshot = await here.rooms.snapshot(here._articles[0])
        assert (snapshot.seq, snapshot.text) == (1, "precious")
        assert here.rooms.running


async def test_a_commit_whose_outcome_was_unknown_and_good_is_not_stored_twice() -> None:
    async with house() as here:
        store, ada, _ = await _two(here)
        append = store.log._log.append

        def stores_and_fails(batch: object, at: object) -> None:
            append(batch, at)
            raise LogUnavailable("no answer")

        store.log._log.append = stores_and_fails
        ada.type("precious")
        await until(lambda: ada.closed)
        store.log._log.append = append
        back = await _again(here, ada, "ada")
        await back.stored(" more")
        assert (await here.rooms.snapshot(here._articles[0])).text == "precious more"
        assert [row.seq for row in store.log.read(ada.room.article)] == [1, 2]


async def test_a_room_that_failed_while_an_edit_waited_commits_nothing_afterwards() -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        store.log.block()
        ada.type("first")
        await until(lambda: store.log.began)
        ada.type("second")
        store.log.errors.append(LogUnavailable("the disk"))
        store.log.release()
        await until(lambda: ada.closed)
        await until(lambda: here.rooms.storage.ok)
        await bob.stored("another article")
        assert store.log.heads([ada.room.article]) == {ada.room.article: 0}


@pytest.mark.parametrize("place", ["begin_turn", "end_turn"])
async def test_a_fault_in_one_room_leaves_the_other_alone(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        original = getattr(Room, place)

        def fails_here(room: Room, *arguments: object) -> object:
            if room is ada.room:
                raise RuntimeError("our own mistake")
            return original(room, *arguments)

        monkeypatch.setattr(Room, place, fails_here)
        ada.type("bad luck")
        bob.type("good luck")
        await until(lambda: ada.closed)
        await bob.until(lambda: bob.room.head == 1)
        assert bob.closed is None
        assert here.rooms.running
        assert store.log.heads([bob.room.article]) == {bob.room.article: 1}


async def test_writing_by_http_hears_of_a_fault_in_its_room() -> None:
    async with house() as here:
        article = here.article()
        room = await here.room(article)

        def breaks(*_: object) -> None:
            raise RuntimeError("our own mistake")

        instead(room._live.document, "apply", breaks)
        with pytest.raises(Exception, match="try again"):
            await asyncio.wait_for(here.rooms.write(article, here.ada, "words"), 30)


async def test_our_mistake_in_one_append_is_not_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        append = store.log._log.append

        def fails_for_ada(batch: Sequence[Append], at: datetime) -> Theirs:
            if any(each.article == ada.room.article for each in batch):
                raise RuntimeError("our own mistake")
            return append(batch, at)  # type: ignore[no-any-return]

        monkeypatch.setattr(store.log._log, "append", fails_for_ada)
        await _in_one_batch(store, bob, ada)
        store.log.release()
        await until(lambda: ada.closed)
        await bob.until(lambda: bob.room.head == 2)
        assert bob.closed is None
        assert here.rooms.storage.ok
        assert store.log.heads([ada.room.article, bob.room.article]) == {
            ada.room.article: 0,
            bob.room.article: 2,
        }


async def test_what_was_stored_before_our_mistake_is_not_stored_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        append = store.log._log.append

        def stores_and_fails(batch: Sequence[Append], at: datetime) -> Theirs:
            theirs: Theirs = append(batch, at)
            if len(batch) > 1:
                raise RuntimeError("our own mistake")
            return theirs

        monkeypatch.setattr(store.log._log, "append", stores_and_fails)
        await _in_one_batch(store, bob, ada)
        store.log.release()
        await ada.until(lambda: ada.room.head == 1)
        await bob.until(lambda: bob.room.head == 2)
        assert (ada.closed, bob.closed) == (None, None)
        assert len(list(store.log.read(bob.room.article))) == 2
        assert len(list(store.log.read(ada.room.article))) == 1


class Slow(Pace):
    """A pace in which an edit waits for longer than the test takes, once there was a turn."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = 0.0
        self.asks = 0
        self.busy = 0.0
        self.rooms = 0

    def asked(self) -> float:
        super().asked()
        self.asks += 1
        return self.waits

    def worked(self, stored: float, busy: float, rooms: int) -> None:
        assert 0 <= busy < PATIENCE
        assert stored <= self._clock()
        self.busy, self.rooms = busy, rooms
        self.waits = 3600.0


async def _everything_else(here: House) -> None:
    """Let run what can, on the loop and then on the scribe's thread."""
    for _ in range(10):
        await asyncio.sleep(0)
    await here.rooms._committer._scribe.do(lambda: None)


async def test_the_next_turn_keeps_the_pace_and_what_wakes_meanwhile_shares_it() -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        pace = here.rooms._committer._pace = Slow()
        ada.type("one")
        await until(lambda: ada.room.head == 1)
        for guest in (ada, bob, ada):
            guest.type("more")
            await _everything_else(here)
        assert (store.log.began, pace.asks) == (1, 2)
        here.rooms._committer._something.set()  # the hour is over
        await until(lambda: bob.room.head == 1)
        assert (ada.room.head, store.log.began) == (2, 2)
        await until(lambda: pace.rooms == 2)


async def test_what_others_take_of_the_core_is_not_the_turns_work() -> None:
    async with house() as here:
        _, ada, _ = await _two(here)
        pace = here.rooms._committer._pace = Slow()
        apply = ada.room._live.document.apply

        def interrupted(payloads: Iterable[bytes]) -> bytes:
            time.sleep(0.3)
            return apply(payloads)

        instead(ada.room._live.document, "apply", interrupted)
        ada.type("one")
        await until(lambda: pace.rooms == 1)
        assert 0 < pace.busy < 0.3


async def test_an_edit_waits_from_when_it_came_also_while_a_turn_is_being_stored() -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        store.log.block()
        ada.type("one")
        await until(lambda: store.log.began == 1)
        pace = here.rooms._committer._pace = Slow()
        pace.waits = 0.05
        bob.type("more")
        await until(here.rooms._committer._something.is_set)  # it has waited, before the turn ends
        store.log.release()
        await until(lambda: bob.room.head == 1)
        assert pace.asks == 1


async def test_stopping_commits_what_is_queued() -> None:
    async with house() as here:
        store, ada, bob = await _two(here)
        ada.type("one")
        await until(lambda: ada.room.head == 1)
        bob.type("last words")
    assert store.log.heads([bob.room.article]) == {bob.room.article: 1}
