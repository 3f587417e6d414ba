"""server/committer.py while the database takes nothing: read-only, told, and unattended back."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from crdt.update import encode_update
from persistence.errors import LogUnavailable
from persistence.log import Append, Theirs
from persistence.store import Store, open_store
from server.refusals import StorageUnavailable
from tests.support import stores
from tests.support.faults import BadCommits
from tests.support.instead import instead
from tests.support.live import Guest, House, SlowLog, SlowStore, house, until
from tests.support.stores import Disk

FULL = "the disk is full"


class BrokenLog(SlowLog):
    """A log that takes nothing while it is `broken`, neither edits nor trials."""

    broken = False

    def append(self, batch: Sequence[Append], at: datetime) -> Theirs:
        self._fail_if_broken()
        return super().append(batch, at)

    def check(self) -> None:
        self._fail_if_broken()

    def _fail_if_broken(self) -> None:
        if self.broken:
            raise LogUnavailable("disk full", FULL)


class BrokenStore(SlowStore):
    def __init__(self) -> None:
        super().__init__()
        self.log: BrokenLog = BrokenLog(self.log._log)


@asynccontextmanager
async def outage() -> AsyncIterator[tuple[House, Guest, Guest]]:
    """Two guests of one article, after another article's commit has failed; it goes on failing."""
    async with house(BrokenStore()) as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        await ada.stored("before ")
        await begin(here)
        yield here, ada, bob
        here.store.log.broken = False


async def begin(here: House) -> None:
    victim = await here.guest(here.article(), here.cyd)
    here.store.log.broken = True
    victim.type("fails")
    await until(lambda: victim.closed)
    assert not here.rooms.storage.ok


async def end(here: House) -> None:
    here.store.log.broken = False
    await until(lambda: here.rooms.storage.ok)


async def answered(guest: Guest) -> None:
    """Answer as any client does that is asked for what it has."""
    await guest.until(lambda: guest.asked)
    guest.submit(guest.doc.get_update(guest.asked.pop()))


async def test_a_writer_is_told_why_and_stays() -> None:
    async with outage() as (_, ada, bob):
        ada.type("meanwhile")
        await ada.until(lambda: ada.refusals)
        [told] = ada.refusals
        assert told.startswith("storage-unavailable: Your edits cannot be stored just now (the ")
        assert FULL in told
        assert ada.closed is None
        assert not any(b"meanwhile" in frame for frame in await bob.read())
        assert not any(b"meanwhile" in frame for frame in ada.frames)


async def test_it_is_told_once_however_much_is_typed_and_nothing_queues() -> None:
    async with outage() as (_, ada, bob):
        for number in range(300):
            ada.type(f"{number} ")
        bob.type("x")
        await bob.until(lambda: bob.refusals)
        await ada.until(lambda: ada.refusals)
        assert len(ada.refusals) == 1
        assert ada.room._intake.waiting is False
        assert ada.room._intake.uncommitted is False
        assert ada.member._pending <= 0


async def test_afterwards_what_was_put_off_is_asked_for_and_stored() -> None:
    async with outage() as (here, ada, bob):
        ada.type("one ")
        await ada.until(lambda: ada.refusals)
        ada.type("two")
        await end(here)
        await answered(ada)
        await bob.until(lambda: bob.text == "before one two")
        assert not bob.asked
        assert ada.closed is None


async def test_what_builds_on_something_put_off_is_not_refused_afterwards() -> None:
    async with outage() as (here, ada, bob):
        ada.type("one ")
        await ada.until(lambda: ada.refusals)
        await end(here)
        ada.type("two")
        await answered(ada)
        await bob.until(lambda: bob.text == "before one two")
        assert len(ada.refusals) == 1


async def test_the_next_time_it_is_told_again() -> None:
    async with outage() as (here, ada, _):
        ada.type("one")
        await ada.until(lambda: ada.refusals)
        await end(here)
        await answered(ada)
        await ada.until(lambda: ada.room.head == 2)
        await begin(here)
        ada.type("two")
        await ada.until(lambda: len(ada.refusals) == 2)


async def test_who_comes_can_read_and_is_told_nothing_who_brings_nothing_new() -> None:
    async with outage() as (here, _, _):
        cyd = await here.guest(here._articles[0], here.cyd)
        assert cyd.text == "before "
        cyd.submit(cyd.doc.get_update())
        cyd.type("news")
        await cyd.until(lambda: cyd.refusals)
        assert len(cyd.refusals) == 1
        await end(here)
        await answered(cyd)
        await cyd.until(lambda: cyd.room.head == 2)


async def test_what_is_known_is_not_put_off() -> None:
    async with outage() as (here, ada, _):
        ada.submit(ada.doc.get_update())
        await until(lambda: not ada.room._intake.waiting)
        await ada.read()
        assert not ada.refusals
        assert not ada.member.owing
        await end(here)
        assert not ada.asked


async def test_a_malformed_update_is_still_that() -> None:
    async with outage() as (_, ada, bob):
        ada.submit(b"\x01\x02")
        await until(lambda: ada.closed)
        assert ada.closed.code == "malformed-update"
        assert bob.closed is None


async def test_writing_by_http_is_told_at_once() -> None:
    async with outage() as (here, _, _):
        with pytest.raises(StorageUnavailable, match=FULL):
            await here.rooms.write(here._articles[0], here.bob, "words")


async def test_whose_room_was_dropped_comes_back_once_and_stays() -> None:
    async with house(BrokenStore()) as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        here.store.log.broken = True
        ada.type("precious")
        await until(lambda: ada.closed)
        back = await here.guest(article, here.ada, doc=ada.doc)
        back.submit(back.doc.get_update())
        await back.until(lambda: back.refusals)
        assert back.closed is None
        await end(here)
        await answered(back)
        await back.until(lambda: any(b"precious" in frame for frame in back.frames))
        assert here.store.log.heads([article.id]) == {article.id: 1}


async def test_stopping_does_not_wait_for_the_database_to_come_back() -> None:
    async with house(BrokenStore()) as here:
        ada = await here.guest(here.article(), here.ada)
        await begin(here)
        ada.type("never stored")
    assert ada.closed is not None
    assert ada.closed.close == 1012


async def test_our_own_mistake_while_putting_off_is_that_rooms_only() -> None:
    async with outage() as (here, ada, _):
        cyd = await here.guest(here.article(), here.cyd)

        def breaks(*_: object) -> None:
            raise RuntimeError("our own mistake")

        instead(ada.room._intake._live, "knows", breaks)
        ada.type("bad luck")
        await until(lambda: ada.closed)
        cyd.submit(encode_update((), ()))
        cyd.type("x")
        await cyd.until(lambda: cyd.refusals)
        assert cyd.closed is None
        assert here.rooms.running


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    store = open_store(stores.sqlite(tmp_path).new_url())
    yield store
    store.close()


async def comes_back(here: House, guest: Guest) -> Guest:
    await until(lambda: guest.closed)
    return await here.guest(here._articles[0], here.ada, doc=guest.doc)


async def test_sqlite_on_a_full_disk(sqlite: Store) -> None:
    disk = Disk(sqlite)
    async with house(sqlite) as here:
        ada = await here.guest(here.article(), here.ada)
        await ada.stored("before ")
        disk.full = True
        while not ada.closed:  # there is a rest of a page to write on
            ada.type("x" * 1000)
            await ada.read()
            await asyncio.sleep(0)
        back = await comes_back(here, ada)
        seen, known = back.room.head, len(list(sqlite.log.read(back.room.article)))
        assert seen == known
        back.submit(back.doc.get_update())
        await back.until(lambda: back.refusals)
        assert "(the disk is full)" in back.refusals[0]
        assert back.room.head == seen
        disk.full = False
        await answered(back)
        await back.until(lambda: back.room.head > seen)
        assert (await here.rooms.snapshot(here._articles[0])).text == back.text
    seqs = [entry.seq for entry in sqlite.log.read(back.room.article)]
    assert seqs == list(range(1, len(seqs) + 1))


@pytest.mark.parametrize("fault", ["before", "after"])
async def test_sqlite_on_a_disk_that_reports_errors(sqlite: Store, fault: str) -> None:
    commits = BadCommits(sqlite)
    async with house(sqlite) as here:
        ada = await here.guest(here.article(), here.ada)
        await ada.stored("before ")
        commits.fault = fault
        ada.type("precious ")
        back = await comes_back(here, ada)
        assert here.rooms.storage.refusal.reason.count("(the disk reports errors)") == 1
        back.type("more")
        back.submit(back.doc.get_update())
        await back.until(lambda: back.refusals)
        commits.fault = None
        await answered(back)
        await back.until(lambda: any(b"more" in frame for frame in back.frames))
        assert (await here.rooms.snapshot(here._articles[0])).text == "before precious more"
    entries = list(sqlite.log.read(back.room.article))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert sum(entry.payload.count(b"precious") for entry in entries) == 1
