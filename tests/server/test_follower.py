"""Two processes over one log: what one stores comes into the other's rooms, whatever is lost."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from persistence.articles import Article
from persistence.authors import Author
from persistence.errors import LogUnavailable
from persistence.log import Entry
from server import follower
from server.refusals import StorageUnavailable
from tests.support import stores
from tests.support.forging import insertion, text
from tests.support.instead import instead
from tests.support.live import Guest, House, SlowLog, bus_of, town, until


@asynccontextmanager
async def pair(**settings: float) -> AsyncIterator[tuple[House, House, Guest, Guest]]:
    """Ada in one process and Bob in the other, in one article that has a word."""
    async with town(**settings) as (here, there):
        article = here.article()
        ada = await here.guest(article, here.ada, attribution=True)
        bob = await there.guest(article, there.bob, attribution=True)
        await ada.stored("word ")
        await bob.until(lambda: bob.text == "word ")
        yield here, there, ada, bob


def log_of(house: House) -> SlowLog:
    assert isinstance(house.store.log, SlowLog)
    return house.store.log


def _article(house: House, guest: Guest) -> Article:
    return house.store.articles.get(f"article-{guest.room.article - 1}")


async def _alike(here: House, there: House, ada: Guest, bob: Guest) -> str:
    """Wait until both have the same at the same head; give the text."""

    def settled() -> bool:
        heads = here.store.log.heads([ada.room.article])
        quiet = not any(g.room._intake.waiting or g.room._intake.uncommitted for g in (ada, bob))
        return quiet and {ada.room.head, bob.room.head} == set(heads.values())

    await until(settled)
    await ada.until(lambda: not ada.pending())
    await bob.until(lambda: not bob.pending())
    snapshots = [await h.rooms.snapshot(_article(here, ada)) for h in (here, there)]
    assert snapshots[0] == snapshots[1]
    assert ada.text == bob.text == snapshots[0].text
    assert ada.ledger.inserted == bob.ledger.inserted
    assert (ada.closed, bob.closed) == (None, None)
    return ada.text


async def test_what_one_process_stores_is_shown_by_the_other_with_its_author() -> None:
    async with pair() as (here, there, ada, bob):
        bob.type("and another")
        await ada.until(lambda: ada.text == "word and another")
        assert set(ada.ledger.inserted.values()) == {"ada", "bob"}
        assert await _alike(here, there, ada, bob) == "word and another"


async def test_two_who_type_at_once_in_two_processes_go_into_one_dense_log() -> None:
    async with pair() as (here, there, ada, bob):
        for number in range(40):
            ada.submit(ada.make(f"a{number} ", 0))
            bob.type(f"b{number} ")
            if not number % 5:
                await asyncio.sleep(0.002)
        words = await _alike(here, there, ada, bob)
        assert all(f"a{number} " in words and f"b{number} " in words for number in range(40))
        rows = list(here.store.log.read(ada.room.article))
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))


async def _both_at_once(here: House, there: House, ada: Guest, bob: Guest) -> None:
    """Let both processes commit what they have in hand, the one without knowing of the other."""
    began = log_of(here).began, log_of(there).began
    await until(lambda: log_of(here).began >= began[0] and ada.room._intake.uncommitted)
    await until(lambda: log_of(there).began >= began[1] and bob.room._intake.uncommitted)
    log_of(here).release()
    log_of(there).release()


def _hold(*houses: House) -> None:
    for house in houses:
        log_of(house).block()


async def test_what_was_stored_meanwhile_is_shown_before_ones_own() -> None:
    async with pair() as (here, there, ada, bob):
        _hold(there)
        bob.type("mine")
        await until(lambda: bob.room._intake.uncommitted)
        bus_of(here).deaf = True
        await ada.stored("theirs ")
        log_of(there).release()
        await bob.until(lambda: "mine" in bob.text and "theirs" in bob.text)
        assert "mine" in await _alike(here, there, ada, bob)
        assert there.telemetry.renewed._value.get() == 0


async def test_the_same_deletion_in_two_processes_is_the_first_ones_and_nobody_is_sent_away() -> (
    None
):
    async with pair() as (here, there, ada, bob):
        _hold(here, there)
        for guest in (ada, bob):
            guest.submit(guest.edit(lambda content: content.__delitem__(slice(0, 3))))
            guest.type(f"{guest.member.author} ")
        await _both_at_once(here, there, ada, bob)
        assert sorted((await _alike(here, there, ada, bob)).split()) == ["ada", "bob", "d"]
        assert here.telemetry.renewed._value.get() + there.telemetry.renewed._value.get() == 1
        assert ada.ledger.deleted == bob.ledger.deleted
        assert len(set(ada.ledger.deleted.values())) == 1


async def test_one_edit_that_reaches_two_processes_is_stored_once() -> None:
    async with pair() as (here, there, ada, bob):
        again = await there.guest(_article(here, ada), there.ada)
        update = ada.make("once ")
        _hold(here, there)
        ada.submit(update)
        again.submit(update)
        await _both_at_once(here, there, ada, again)
        assert await _alike(here, there, ada, bob) == "word once "
        assert here.store.log.heads([ada.room.article]) == {ada.room.article: 2}
        assert (again.closed, again.refusals) == (None, [])


async def test_of_two_edits_under_one_id_one_is_stored_and_the_other_is_told() -> None:
    async with pair() as (here, there, ada, _bob):
        again = await there.guest(_article(here, ada), there.ada)
        _hold(here, there)
        ada.submit(insertion(77, 0, text("one")))
        again.submit(insertion(77, 0, text("two")))
        await _both_at_once(here, there, ada, again)
        await until(lambda: not any(g.room._intake.uncommitted for g in (ada, again)))
        refused = []
        for guest in (ada, again):
            await guest.read()
            refused += guest.refusals
        assert [reason.split(":")[0] for reason in refused] == ["forked-client"]
        rows = list(here.store.log.read(ada.room.article))
        assert len(rows) == 2


async def test_a_client_id_that_was_claimed_in_another_process_first_is_refused() -> None:
    async with pair() as (here, there, ada, bob):
        _hold(here, there)
        ada.submit(insertion(77, 0, text("hers")))
        bob.submit(insertion(77, 0, text("his!")))
        await _both_at_once(here, there, ada, bob)
        await until(lambda: not bob.room._intake.uncommitted and not ada.room._intake.uncommitted)
        owner = here.store.log.owners(ada.room.article)[77]
        loser = bob if owner == "ada" else ada
        await loser.until(lambda: loser.refusals)
        rows = list(here.store.log.read(ada.room.article))
        assert [row.author for row in rows] == ["ada", owner]


async def test_what_builds_on_rows_that_have_not_come_yet_comes_in_with_them() -> None:
    async with pair() as (here, there, ada, bob):
        bus_of(here).deaf = True
        await ada.stored("unheard ")
        bob.doc.apply_update(ada.doc.get_update())
        bob.type("of")
        await bob.until(lambda: "unheard of" in bob.text and bob.room.head == 3)
        assert bob.refusals == []
        await _alike(here, there, ada, bob)


async def test_news_that_are_lost_are_read_from_the_log_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follower, "LOOK_SECONDS", 0.01)
    async with pair() as (here, there, ada, bob):
        bus_of(here).deaf = True
        ada.type("unheard of")
        await bob.until(lambda: bob.text == "word unheard of")
        assert there.telemetry._healed._value.get() >= 1
        await _alike(here, there, ada, bob)


async def test_news_after_lost_ones_have_the_log_read_at_once() -> None:
    async with pair() as (here, _there, ada, bob):
        bus_of(here).deaf = True
        await ada.stored("lost ")
        bus_of(here).deaf = False
        await ada.stored("heard")
        await bob.until(lambda: bob.text == "word lost heard")


async def test_a_log_that_cannot_be_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "RETRY_SECONDS", 0.01)
    async with pair() as (here, there, ada, bob):
        troubles: list[Exception] = [LogUnavailable("away"), RuntimeError("ours")]
        after = log_of(there)._log.after

        def fails(heads: Mapping[int, int], most: int) -> list[Entry]:
            if troubles:
                raise troubles.pop()
            found: list[Entry] = after(heads, most)
            return found

        monkeypatch.setattr(log_of(there), "after", fails, raising=False)
        bus_of(here).deaf = True
        await ada.stored("lost ")
        bus_of(here).deaf = False
        await ada.stored("heard")
        await bob.until(lambda: bob.text == "word lost heard")
        assert troubles == []


async def test_an_author_who_is_new_is_named_to_those_who_are_elsewhere() -> None:
    async with pair() as (here, _there, ada, bob):
        dee = here.store.authors.create(Author("dee", "dee", "Dee", "#123456", datetime.now(UTC)))
        guest = await here.guest(_article(here, ada), dee)
        await guest.stored("new here")
        await bob.until(lambda: "new here" in bob.text)
        assert bob.ledger.names["dee"]["name"] == "Dee"


async def test_a_long_way_back_is_gone_in_many_steps() -> None:
    async with pair() as (here, there, ada, bob):
        bus_of(here).deaf = True
        for number in range(250):
            await ada.stored(f"{number} ")
        bob.type("late")
        await bob.until(lambda: "249 " in bob.text and "late" in bob.text)
        await _alike(here, there, ada, bob)


async def test_a_process_that_was_away_for_long_catches_up() -> None:
    async with town() as (here, there):
        article = here.article()
        bob = await there.guest(article, there.bob)
        bus_of(here).deaf = True
        stores.wrote(here.store, article, *_typing(2_500))
        bob.submit(insertion(5, 0, text("late ")))
        await bob.until(lambda: len(bob.text) == 2_505)
        assert bob.room.head == 2_501
        assert there.store.log.heads([article.id]) == {article.id: 2_501}


def _typing(count: int) -> list[bytes]:
    first = insertion(9, 0, text("x"))
    return [first, *(insertion(9, n, text("x", (9, n - 1))) for n in range(1, count))]


async def test_who_brings_what_others_wrote_elsewhere_is_no_forger() -> None:
    async with pair() as (here, there, ada, bob):
        bus_of(here).deaf = True
        await ada.stored("unheard ")
        bob.doc.apply_update(ada.doc.get_update())
        bob.make("of")
        bob.submit(bob.doc.get_update())
        await bob.until(lambda: bob.room.head == 3 and not bob.room._intake.uncommitted)
        assert bob.refusals == []
        assert await _alike(here, there, ada, bob) == "word unheard of"


async def test_a_forger_is_told_after_a_look_at_the_log() -> None:
    async with pair() as (here, there, ada, bob):
        bob.submit(ada.make("forged"))
        await bob.until(lambda: bob.refusals)
        assert bob.refusals[0].startswith("foreign-client-id")
        assert here.store.log.heads([ada.room.article]) == {ada.room.article: 1}
        assert not there.rooms.open_rooms()[ada.room.article]._intake._doubtful


async def test_what_is_in_doubt_when_a_room_ends_is_lost_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with pair() as (_here, there, ada, bob):
        monkeypatch.setattr(there.rooms._follower, "look", lambda _article: None)
        lost: list[object] = []
        monkeypatch.setattr(type(bob.member), "lost", lambda _self, refusal: lost.append(refusal))
        bob.submit(ada.make("forged"))
        await until(lambda: bob.room._intake._doubtful)
        there.rooms.drop(bob.room, StorageUnavailable("gone"))
        assert len(lost) == 1


async def test_a_room_that_cannot_follow_is_dropped_and_comes_from_the_log() -> None:
    async with pair() as (_here, there, ada, bob):

        def breaks(*_: object) -> bytes:
            raise RuntimeError

        instead(bob.room._live, "replay", breaks)
        ada.type("too much")
        await until(lambda: bob.closed)
        again = await there.guest(_article(there, bob), there.bob)
        await again.until(lambda: again.text == "word too much")
        assert there.telemetry._faults._value.get() == 1
