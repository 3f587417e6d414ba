import asyncio
import threading

import pytest

from persistence.errors import LogUnavailable
from server import opener as module
from server import reaper
from tests.support import stores
from tests.support.forging import Forged, Section, text
from tests.support.live import SlowStore, house, until


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaper, "REAP_SECONDS", 0.01)


async def test_a_room_is_loaded_once_however_many_come_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loads = []
    load = module.load

    def counted(*arguments: object) -> object:
        loads.append(arguments)
        return load(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "load", counted)
    async with house() as here:
        article = here.article()
        rooms = await asyncio.gather(*(here.room(article) for _ in range(200)))
        assert len(set(map(id, rooms))) == 1
        assert len(loads) == 1


async def test_one_of_them_going_away_takes_the_room_from_nobody() -> None:
    async with house() as here:
        article = here.article()
        comers = [asyncio.create_task(here.room(article)) for _ in range(3)]
        await asyncio.sleep(0)
        comers[0].cancel()
        rooms = await asyncio.gather(*comers[1:])
        assert rooms[0] is rooms[1]


async def test_who_joins_during_a_slow_load_gets_what_was_committed_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began, go_on = threading.Event(), threading.Event()
    load = module.load

    def slow(*arguments: object) -> object:
        began.set()
        assert go_on.wait(30)
        return load(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "load", slow)
    async with house() as here:
        article = here.article()
        coming = [asyncio.create_task(here.guest(article, here.bob)) for _ in range(3)]
        await until(began.is_set)
        stores.wrote(here.store, article, Forged([Section(7, 0, [text("meanwhile")])]).encode())
        assert not any(task.done() for task in coming)
        go_on.set()
        assert {(await task).text for task in coming} == {"meanwhile"}


async def test_no_more_articles_are_loaded_at_once_than_the_loop_can_bear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began, go_on = [], threading.Event()
    load = module.load

    def slow(*arguments: object) -> object:
        began.append(arguments)
        assert go_on.wait(30)
        return load(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "load", slow)
    async with house() as here:
        articles = [here.article() for _ in range(50)]
        coming = [asyncio.create_task(here.room(article)) for article in articles]
        await until(lambda: len(began) >= module.LOADS_AT_ONCE)
        await asyncio.sleep(0.1)  # another one would have begun by now
        assert len(began) == module.LOADS_AT_ONCE
        go_on.set()
        await asyncio.gather(*coming)
    assert len(began) == 50


async def test_a_load_that_failed_is_tried_again_by_the_next_who_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with house() as here:
        article = here.article()
        with monkeypatch.context() as patch:

            def fails(*_: object) -> None:
                raise LogUnavailable("the disk")

            patch.setattr(module, "load", fails)
            with pytest.raises(LogUnavailable):
                await here.room(article)
        assert (await here.room(article)).head == 0


async def test_an_idle_room_is_dropped_and_comes_back_from_the_log() -> None:
    async with house(idle_room_seconds=0.02) as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("kept")
        ada.leave()
        await until(lambda: ada.room.ended)
        again = await here.guest(article, here.bob)
        assert again.room is not ada.room
        assert again.text == "kept"


async def test_a_room_with_somebody_in_it_is_not_idle() -> None:
    async with house(idle_room_seconds=0.01) as here:
        ada = await here.guest(here.article(), here.ada)
        empty = await here.room(here.article())
        await until(lambda: empty.ended)
        assert not ada.room.ended


async def test_a_room_is_not_evicted_from_under_somebody_at_its_door() -> None:
    async with house(idle_room_seconds=0.01) as here:
        article, other = here.article(), here.article()
        async with here.rooms.open(article) as room:
            elsewhere = await here.room(other)
            await until(lambda: elsewhere.ended)
            assert not room.ended
        await until(lambda: room.ended)


async def test_who_comes_back_during_an_eviction_gets_all_that_was_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began, go_on = threading.Event(), threading.Event()
    keep_last = reaper.keep_last

    def slow(*arguments: object) -> object:
        began.set()
        assert go_on.wait(30)
        return keep_last(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reaper, "keep_last", slow)
    async with house(idle_room_seconds=0.02) as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        await ada.stored("kept")
        ada.leave()
        await until(began.is_set)
        bob = await here.guest(article, here.bob)
        assert bob.text == "kept"
        await bob.stored(" and more")
        go_on.set()
        await until(lambda: here.store.checkpoints.latest(article.id))
        assert not bob.room.ended
        assert (await here.rooms.snapshot(article)).text == "kept and more"


async def test_leaving_commits_what_is_queued() -> None:
    store = SlowStore()
    async with house(store) as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        store.log.block()
        ada.type("one ")
        await until(lambda: store.log.began)
        ada.type("two")
        asyncio.get_running_loop().call_soon(store.log.release)
    async with house(store) as here:
        assert (await here.rooms.snapshot(article)).text == "one two"


async def test_leaving_while_a_room_is_being_loaded_leaves_no_task_behind() -> None:
    async with house() as here:
        coming = asyncio.create_task(here.room(here.article()))
        await asyncio.sleep(0)
    await asyncio.gather(coming, return_exceptions=True)
    assert not {"committer", "reaper", "open 1"} & {t.get_name() for t in asyncio.all_tasks()}


async def test_at_the_farewell_members_leave_one_by_one_and_may_write_till_then() -> None:
    async with house(farewell_seconds=0.2) as here:
        article = here.article()
        guests = [await here.guest(article, here.ada) for _ in range(4)]
        leaving = asyncio.create_task(here.rooms.farewell())
        await until(lambda: any(guest.closed for guest in guests))
        (stays, *_) = (guest for guest in guests if not guest.closed)
        await stays.stored("last words")
        await leaving
        assert [guest.closed and guest.closed.close for guest in guests] == [1012] * 4
        assert (await here.rooms.snapshot(article)).text == "last words"


async def test_leaving_sends_everybody_away_with_a_code_for_coming_back() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
    assert ada.closed is not None
    assert ada.closed.close == 1012


async def test_text_over_http_is_durable_and_its_authors_when_it_returns() -> None:
    async with house() as here:
        article = here.article()
        assert await here.rooms.write(article, here.ada, "Hello") == 1
        assert here.store.log.heads([article.id]) == {article.id: 1}
        snapshot = await here.rooms.snapshot(article)
        assert (snapshot.seq, snapshot.text) == (1, "Hello")
        assert [(s.start, s.length, s.author) for s in snapshot.spans] == [(0, 5, "ada")]
