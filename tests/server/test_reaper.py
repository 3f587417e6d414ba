import asyncio
import threading
from collections.abc import Callable
from weakref import ref

import pytest

from crdt import columns
from persistence.articles import Article
from persistence.errors import LogUnavailable
from persistence.store import Store
from server import reaper
from server.loading import load, moment
from tests.support.live import SETTINGS, Guest, House, SlowStore, house, until


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaper, "REAP_SECONDS", 0.01)


@pytest.fixture(params=["memory", "log"])
def _source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints of articles in use come from memory if they are small, else from the log."""
    if request.param == "log":
        monkeypatch.setattr(columns, "QUICK_BLOCKS", 0)


def _loaded(store: Store, article: Article) -> tuple[object, ...]:
    live = load(store, article.id, SETTINGS.root_name, 0)
    return live.restored, live.text(), tuple(live.spans())


def _folded(store: Store, article: Article) -> tuple[object, ...]:
    folded = moment(store, article.id, SETTINGS.root_name)
    return store.log.heads([article.id])[article.id], folded.text, folded.spans


async def _visit(here: House, words: str) -> Guest:
    guest = await here.guest(here.article(), here.ada)
    await guest.stored(words)
    guest.leave()
    return guest


@pytest.mark.usefixtures("_source")
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
        assert _loaded(here.store, article) == _folded(here.store, article)


async def test_a_checkpoint_is_kept_of_few_rows_that_are_large() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        for _ in range(3):
            await ada.stored("x" * 60_000)
        assert here.store.checkpoints.latest(article.id) is None
        for _ in range(2):
            await ada.stored("x" * 60_000)
        assert not ada.room.quickly_told
        await until(lambda: here.store.checkpoints.latest(article.id))
        checkpoint = here.store.checkpoints.latest(article.id)
        assert checkpoint is not None
        assert checkpoint.seq == 5


async def test_what_took_long_to_load_gets_a_checkpoint() -> None:
    store = SlowStore()
    async with house(store) as here:
        ada = await here.guest(article := here.article(), here.ada)
        for _ in range(5):
            await ada.stored("x" * 60_000)
    store.checkpoints.delete(article.id)
    async with house(store) as here:
        await here.guest(article, None)
        await until(lambda: store.checkpoints.latest(article.id))


async def test_a_checkpoint_has_nothing_that_is_not_committed() -> None:
    store = SlowStore()
    async with house(store, checkpoint_every=2) as here:
        ada = await here.guest(article := here.article(), here.ada)
        await ada.stored("one ")
        store.log.block()
        ada.type("two ")
        await until(lambda: not ada.room.resting)
        place = next(iter(here.rooms._register.places.values()))
        here.rooms._reaper._checkpoint(place)  # due just now, as a round may find it
        await asyncio.sleep(0.05)
        assert store.checkpoints.latest(article.id) is None
        store.log.release()
        await until(lambda: store.checkpoints.latest(article.id))
        kept = store.checkpoints.latest(article.id)
        assert kept is not None
        assert kept.seq == 2
        assert _loaded(store, article) == _folded(store, article)


@pytest.mark.usefixtures("_source")
async def test_a_checkpoint_that_cannot_be_kept_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts = []

    def fails(*arguments: object) -> None:
        attempts.append(arguments)
        raise LogUnavailable("the disk")

    async with house(checkpoint_every=1) as here:
        monkeypatch.setattr(here.store.checkpoints, "put", fails)
        ada = await here.guest(here.article(), here.ada)
        await ada.stored("one")
        await until(lambda: attempts)
        await ada.stored("two")
        await until(lambda: len(attempts) == 2)
        assert here.rooms.running


async def test_an_evicted_article_that_has_moved_leaves_a_checkpoint() -> None:
    async with house(idle_room_seconds=0.02) as here:
        guest = await _visit(here, "kept")
        await until(lambda: here.store.checkpoints.latest(guest.room.article))
        kept = here.store.checkpoints.latest(guest.room.article)
        assert kept is not None
        assert kept.seq == 1
        assert guest.room.ended


async def test_an_evicted_article_that_has_not_moved_is_not_written_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = []
    keep_last = reaper.keep_last

    def told(*arguments: object) -> None:
        keep_last(*arguments)  # type: ignore[arg-type]
        done.append(arguments)

    monkeypatch.setattr(reaper, "keep_last", told)
    async with house(idle_room_seconds=0.02) as here:
        guest = await _visit(here, "kept")
        await until(lambda: done)
        monkeypatch.setattr(here.store.checkpoints, "put", None)
        assert not (await here.room(here._articles[0])).ended
        assert guest.room.ended
        await until(lambda: len(done) == 2)


async def test_visits_do_not_pile_up_checkpoints() -> None:
    async with house(idle_room_seconds=0.02, checkpoint_every=4) as here:
        article = here.article()
        for seq in range(1, 8):
            ada = await here.guest(article, here.ada)
            await ada.stored("more ")
            ada.leave()
            await until(lambda seq=seq: _kept(here, article.id, 100) == seq)
        await until(lambda: {_kept(here, article.id, until) for until in range(8)} == {None, 3, 7})


def _kept(here: House, article: int, until: int) -> int | None:
    kept = here.store.checkpoints.latest(article, until)
    return kept and kept.seq


async def test_of_an_evicted_article_nothing_stays_in_memory() -> None:
    async with house(idle_room_seconds=0.02) as here:
        traces = [_trace(await _visit(here, f"article {number}")) for number in range(5)]
        await until(lambda: not any(each() for trace in traces for each in trace))


async def test_of_a_room_that_was_dropped_nothing_stays_in_memory() -> None:
    async with house() as here:
        trace = _trace(await _failed(here))
        await until(lambda: not any(each() for each in trace))


async def _failed(here: House) -> Guest:
    ada = await here.guest(here.article(), here.ada)
    here.store.log.errors.append(LogUnavailable("the disk"))
    ada.type("lost")
    await until(lambda: ada.closed)
    return ada


def _trace(guest: Guest) -> list[Callable[[], object]]:
    """Remember what should go, holding nothing of it."""
    room, live = guest.room, guest.room._live
    return [ref(room), ref(live), ref(live.document), ref(live.weave)]


async def test_of_too_many_idle_rooms_the_longest_unused_go_first() -> None:
    async with house(idle_rooms=2) as here:
        rooms = [(await _visit(here, f"article {number}")).room for number in range(5)]
        await until(lambda: sum(room.ended for room in rooms) == 3)
        assert [room.ended for room in rooms] == [True, True, True, False, False]


async def test_memory_is_given_back_after_evictions_and_only_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = []
    monkeypatch.setattr(reaper, "give_back", lambda: given.append(True))
    async with house(idle_room_seconds=0.05) as here:
        rooms = [(await _visit(here, f"article {number}")).room for number in range(5)]
        assert not given or any(room.ended for room in rooms)
        await until(lambda: all(room.ended for room in rooms) and given)
        times = len(given)
        guest = await here.guest(here.article(), here.ada)
        for _ in range(20):
            await guest.stored("no eviction ")
        assert len(given) <= max(times, len(rooms))


@pytest.mark.usefixtures("_source")
async def test_a_slow_checkpoint_holds_up_neither_other_rooms_nor_what_is_parked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on, under_way = threading.Event(), []
    async with house(checkpoint_every=1, parked_seconds=0.01) as here:
        put = here.store.checkpoints.put

        def slow(*arguments: object) -> None:
            under_way.append(arguments)
            assert go_on.wait(30)
            put(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(here.store.checkpoints, "put", slow)
        guests = [await here.guest(here.article(), here.ada) for _ in range(5)]
        for guest in guests:
            await guest.stored("checkpoint me")
        await until(lambda: len(under_way) == reaper.WORKERS)
        bob = await here.guest(here.article(), here.bob)
        bob.make("missing")
        bob.submit(bob.make("parked"))
        await bob.until(lambda: bob.asked)
        assert len(under_way) == reaper.WORKERS
        go_on.set()
        await until(lambda: len(under_way) >= 5)


async def test_evictions_wait_where_too_many_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    keep_last = reaper.keep_last

    def slow(*arguments: object) -> object:
        assert go_on.wait(30)
        return keep_last(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reaper, "keep_last", slow)
    monkeypatch.setattr(reaper, "MOST_JOBS", 3)
    async with house(idle_room_seconds=0.02) as here:
        rooms = [(await _visit(here, f"article {number}")).room for number in range(20)]
        most = reaper.WORKERS + reaper.MOST_JOBS
        await until(lambda: sum(room.ended for room in rooms) == most)
        await asyncio.sleep(0.1)  # some more rounds
        assert sum(room.ended for room in rooms) == most
        go_on.set()
        await until(lambda: all(room.ended for room in rooms))


async def test_when_the_process_ends_what_has_moved_leaves_a_checkpoint() -> None:
    store = SlowStore()
    async with house(store) as here:
        moved, still = here.article(), here.article()
        ada = await here.guest(moved, here.ada)
        await here.guest(still, here.ada)
        await ada.stored("one")
        await ada.stored("two")
    kept = store.checkpoints.latest(moved.id)
    assert kept is not None
    assert kept.seq == 2
    assert store.checkpoints.latest(still.id) is None


async def test_when_the_process_ends_there_is_no_waiting_for_a_database_in_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []

    def fails(_store: object, article: int, *_rest: object) -> None:
        tried.append(article)
        raise LogUnavailable("it is gone")

    async with house() as here:
        for _ in range(3):
            await (await here.guest(here.article(), here.ada)).stored("words")
        monkeypatch.setattr(reaper, "keep_last", fails)
    assert len(tried) == 1


async def test_when_the_process_ends_the_longest_tails_come_first_and_time_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[int] = []
    clock = iter(range(0, 1000, 2))
    async with house() as here:
        articles = [here.article() for _ in range(3)]
        for number, article in enumerate(articles):
            ada = await here.guest(article, here.ada)
            for _ in range(number + 1):
                await ada.stored("words ")
        monkeypatch.setattr(reaper, "LAST_SECONDS", 3.0)
        monkeypatch.setattr(reaper, "monotonic", lambda: next(clock))
        monkeypatch.setattr(reaper, "keep_last", lambda _store, article, *_: kept.append(article))
        monkeypatch.setattr(reaper, "REAP_SECONDS", 3600)
    assert kept == [articles[2].id]
