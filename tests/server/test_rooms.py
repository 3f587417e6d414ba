import asyncio

import pytest

from persistence.errors import LogUnavailable
from server import rooms as module
from tests.support.live import SlowStore, house, until


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REAP_SECONDS", 0.01)


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
        rooms = await asyncio.gather(*(here.room(article) for _ in range(50)))
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


async def test_leaving_sends_everybody_away_with_a_code_for_coming_back() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
    assert ada.closed is not None
    assert ada.closed.close == 1012


async def test_a_checkpoint_is_kept_after_so_many_rows() -> None:
    async with house(checkpoint_every=5) as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        for number in range(5):
            await ada.stored(f"{number} ")
        await until(lambda: here.store.checkpoints.latest(article.id))
        checkpoint = here.store.checkpoints.latest(article.id)
        assert checkpoint is not None
        assert checkpoint.seq == 5


async def test_a_checkpoint_that_cannot_be_kept_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts = []

    def fails(*arguments: object) -> None:
        attempts.append(arguments)
        raise LogUnavailable("the disk")

    monkeypatch.setattr(module, "keep_checkpoint", fails)
    async with house(checkpoint_every=1) as here:
        ada = await here.guest(here.article(), here.ada)
        await ada.stored("one")
        await until(lambda: attempts)
        await ada.stored("two")
        await until(lambda: len(attempts) == 2)
        assert here.rooms.running


async def test_text_over_http_is_durable_and_its_authors_when_it_returns() -> None:
    async with house() as here:
        article = here.article()
        assert await here.rooms.write(article, here.ada, "Hello") == 1
        assert here.store.log.heads([article.id]) == {article.id: 1}
        snapshot = await here.rooms.snapshot(article)
        assert (snapshot.seq, snapshot.text) == (1, "Hello")
        assert [(s.start, s.length, s.author) for s in snapshot.spans] == [(0, 5, "ada")]
