import sys

import pytest

from crdt.errors import TooEntangled
from persistence.store import MemoryStore
from server import quarantine as quarantines
from server.pipe import unpack
from server.quarantine import Quarantine, open_quarantine
from server.refusals import Quarantined
from server.screening import Screening
from server.slate import Slate
from server.telemetry import Telemetry
from tests.support.live import house, until
from tests.support.stores import NOON, begun, known


def _store() -> MemoryStore:
    store = MemoryStore()
    known(store, "ada", "bob")
    begun(store)
    return store


def _slate(*authors: str, unforced: bool = True) -> Slate:
    """The slate of a worker that died while it applied an update of each."""
    slate = Slate.make()
    for author in authors:
        slate.note(1, author, author.encode())
        slate.keep()
    slate.apply()
    slate.seal("died", NOON.timestamp(), unforced=unforced)
    return slate


async def test_what_a_worker_left_is_put_away_and_its_author_watched() -> None:
    store, slate, telemetry = _store(), _slate("ada", "ada"), Telemetry()
    async with open_quarantine(store, slate, telemetry) as quarantine:
        assert quarantine.watches(1, "ada")
        assert not quarantine.watches(1, "bob")
        assert not quarantine.watches(2, "ada")
    (suspect,) = store.quarantine.list()
    assert (suspect.article, suspect.author, suspect.at) == (1, "ada", NOON)
    assert (suspect.reason, suspect.certain) == ("died", True)
    assert unpack(suspect.payload) == [b"ada", b"ada"]
    assert "palimpsest_quarantined 1.0" in telemetry.exposition().decode()


async def test_what_is_put_away_is_wiped() -> None:
    store, slate = _store(), _slate("ada")
    for _ in range(2):
        async with open_quarantine(store, slate, Telemetry()):
            assert slate.found() is None
    assert len(store.quarantine.list()) == 1


async def test_of_a_database_that_knows_nobody_of_it_the_server_starts_all_the_same() -> None:
    store = _store()
    async with open_quarantine(store, _slate("eve", "ada"), Telemetry()) as quarantine:
        assert quarantine.watches(1, "ada")


async def test_all_who_were_in_a_turn_are_watched_and_may_send_it_again() -> None:
    async with open_quarantine(_store(), _slate("ada", "bob"), Telemetry()) as quarantine:
        for author in ("ada", "bob"):
            assert quarantine.watches(1, author)
            quarantine.check(1, author, author.encode())


async def test_what_was_in_hand_when_somebody_killed_the_worker_may_come_again() -> None:
    slate = _slate("ada", unforced=False)
    async with open_quarantine(_store(), slate, Telemetry()) as quarantine:
        quarantine.check(1, "ada", b"ada")


async def test_the_very_same_bytes_are_refused_there_and_from_that_author_only() -> None:
    async with open_quarantine(_store(), _slate("ada"), Telemetry()) as quarantine:
        with pytest.raises(Quarantined):
            quarantine.check(1, "ada", b"ada")
        quarantine.check(1, "ada", b"other")
        quarantine.check(1, "bob", b"ada")
        quarantine.check(2, "ada", b"ada")


@pytest.mark.parametrize(("certain", "times"), [(True, 3), (False, 9)])
def test_who_ends_workers_in_spite_of_screening_is_refused(*, certain: bool, times: int) -> None:
    store, quarantine = _store(), Quarantine()
    for minute in range(times):
        quarantine.check(1, "ada", b"whatever")
        at = NOON.replace(minute=minute)
        store.quarantine.add(1, "ada", at, "died", certain=certain, payload=b"")
        quarantine.watch(store.quarantine.watched())
    with pytest.raises(Quarantined, match="several times"):
        quarantine.check(1, "ada", b"whatever")
    quarantine.check(1, "bob", b"whatever")


def test_workers_that_end_at_once_could_not_know_of_each_other() -> None:
    store, quarantine = _store(), Quarantine()
    for number in range(9):
        at = NOON.replace(microsecond=number)
        store.quarantine.add(1, "ada", at, "died", certain=True, payload=b"")
    quarantine.watch(store.quarantine.watched())
    quarantine.check(1, "ada", b"whatever")


async def test_a_release_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantines, "LOOK_SECONDS", 0.001)
    store, telemetry = _store(), Telemetry()
    async with open_quarantine(store, _slate("ada"), telemetry) as quarantine:
        store.quarantine.release(1, NOON)
        await until(lambda: not quarantine.watches(1, "ada"))
    assert "palimpsest_quarantined 0.0" in telemetry.exposition().decode()


async def test_what_another_process_puts_away_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantines, "LOOK_SECONDS", 0.001)
    store = _store()
    async with open_quarantine(store, Slate.make(), Telemetry()) as here:
        assert not here.watches(1, "ada")
        async with open_quarantine(store, _slate("ada"), Telemetry()):
            await until(lambda: here.watches(1, "ada"))


async def test_who_is_watched_stays_so_while_the_database_is_in_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quarantines, "LOOK_SECONDS", 0.001)
    store, telemetry, looks = _store(), Telemetry(), []
    async with open_quarantine(store, _slate("ada"), telemetry) as quarantine:
        monkeypatch.setattr(store.quarantine, "watched", lambda: looks.append(1) or 1 / 0)
        await until(lambda: len(looks) > 2)
        assert quarantine.watches(1, "ada")


async def test_a_keystroke_of_somebody_watched_is_screened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        here.store.quarantine.add(article.id, "ada", NOON, "died", certain=True, payload=b"")
        quarantine = Quarantine()
        quarantine.watch(here.store.quarantine.watched())
        screening = Screening(here.settings, here.telemetry, quarantine)
        update = ada.make("a")
        assert screening.light(bob.room, bob.member, bob.make("b")) is not None
        assert screening.light(ada.room, ada.member, update) is None
        (piece,) = await screening.pieces(ada.room, ada.member, update)
        assert piece.update == update
        monkeypatch.setattr(sys, "executable", "/bin/false")  # a process that dies of it
        with pytest.raises(TooEntangled):
            await screening.pieces(ada.room, ada.member, update)
