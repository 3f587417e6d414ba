"""Large updates: honest ones get in through a process of their own, bombs do not."""

import asyncio
import random
import sys
from asyncio.subprocess import Process
from typing import Any

import pytest
from pycrdt import Doc, Text

from crdt.errors import ForeignClient, Refusal, TooEntangled
from crdt.update import decode_update
from server.limits import full_rules
from server.quarantine import Quarantine
from server.refusals import TooManyClients
from server.screening import Screening
from server.submission import Submission
from tests.support.forging import Forged, Section, text
from tests.support.live import SETTINGS, Guest, House, house, until
from tests.support.replica import ROOT


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """The processes that are started; `sys.executable` may be changed to start others."""
    started: list[Process] = []
    start = asyncio.create_subprocess_exec

    async def spy(*arguments: Any, **more: Any) -> Process:
        started.append(await start(*arguments, **more))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", spy)
    return started


async def _pieces(here: House, guest: Guest, update: bytes) -> list[Submission]:
    screening = Screening(here.settings, here.telemetry, Quarantine())
    light = screening.light(guest.room, guest.member, update)
    return [light] if light else await screening.pieces(guest.room, guest.member, update)


def _long_document(structs: int = 20_000) -> "Doc[Text]":
    """A document of a megabyte, written here and there."""
    lot, doc = random.Random(1), Doc[Text](client_id=77)
    content = doc.get(ROOT, type=Text)
    for number in range(structs // 2 + 500):
        content.insert(lot.randint(0, number * 100), "x" * 99 + "\n")
    return doc


def _tangle(clients: int) -> bytes:
    """Insertions of so many clients at one spot: their places take the square of that to find."""
    return Forged([Section(c, 0, [text("x")]) for c in range(clients, 0, -1)]).encode()


async def test_a_small_update_goes_in_as_it_is(processes: list[Process]) -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        update = ada.make("few words")
        assert [piece.update for piece in await _pieces(here, ada, update)] == [update]
        assert processes == []


async def test_an_honest_first_sync_gets_in_while_others_are_answered(
    processes: list[Process],
) -> None:
    doc = _long_document()
    update = doc.get_update()
    assert len(update) > 1_000_000
    assert len(decode_update(update, full_rules(SETTINGS).limits).structs) >= 20_000
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada, outbox_bytes=1 << 26)
        bob = await here.guest(article, here.bob, outbox_bytes=1 << 26)
        coming = asyncio.create_task(_pieces(here, bob, update))
        answered = 0
        while not coming.done():
            await ada.stored("a")
            answered += 1
        for piece in await coming:
            bob.submit_piece(piece)
            await ada.stored("a")
        assert answered > 0
        assert [process.returncode for process in processes] == [0]
        snapshot = await here.rooms.snapshot(article)
        assert snapshot.text.replace("a", "") == str(doc.get(ROOT, type=Text))
        letters = {"ada": "a", "bob": "x\n"}
        for span in snapshot.spans:
            part = snapshot.text[span.start : span.start + span.length]
            assert set(part) <= set(letters[span.author])


async def test_a_bomb_is_refused_after_its_time_and_its_process_is_gone(
    processes: list[Process],
) -> None:
    async with house(screening_seconds=0.01) as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        with pytest.raises(TooEntangled):
            await _pieces(here, bob, _tangle(3_000))
        assert [process.returncode for process in processes] == [-9]
        await ada.stored("undisturbed")


async def test_what_would_hold_up_the_event_loop_is_refused_though_there_is_time(
    processes: list[Process],
) -> None:
    async with house(max_update_clients=10_000) as here:
        bob = await here.guest(here.article(), here.bob)
        with pytest.raises(TooEntangled):
            await _pieces(here, bob, _tangle(4_000))
        assert [process.returncode for process in processes] == [0]


async def test_whoever_goes_away_while_it_is_screened_leaves_no_process(
    processes: list[Process],
) -> None:
    async with house() as here:
        bob = await here.guest(here.article(), here.bob)
        coming = asyncio.create_task(_pieces(here, bob, _tangle(900)))
        await until(lambda: processes)
        coming.cancel()
        with pytest.raises(asyncio.CancelledError):
            await coming
        assert processes[0].returncode is not None


async def test_without_enough_memory_it_is_refused(processes: list[Process]) -> None:
    async with house(screening_memory_bytes=1 << 20) as here:
        bob = await here.guest(here.article(), here.bob)
        with pytest.raises(TooEntangled):
            await _pieces(here, bob, _long_document(4_000).get_update())
        assert processes[0].returncode


async def test_a_screening_process_that_dies_means_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with house() as here:
        bob = await here.guest(here.article(), here.bob)
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(TooEntangled):
            await _pieces(here, bob, _tangle(900))


async def test_a_refusal_of_the_process_is_the_gates_own() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada, doc=Doc(client_id=77))
        await ada.stored("mine")
        bob = await here.guest(article, here.bob)
        with pytest.raises(ForeignClient, match="77"):
            await _pieces(here, bob, _long_document(4_000).get_update())


async def test_what_is_known_already_needs_no_piece() -> None:
    async with house() as here:
        article = here.article()
        bob = await here.guest(article, here.bob)
        doc = _long_document(4_000)
        for piece in await _pieces(here, bob, doc.get_update()):
            bob.submit_piece(piece)
        await bob.until(lambda: bob.text == str(doc.get(ROOT, type=Text)))
        assert await _pieces(here, bob, doc.get_update()) == []


def _every_second(count: int, start: int = 0) -> bytes:
    """Deletions of every second character of client 77's."""
    return Forged(deleted=[(77, 2 * n, 1) for n in range(start, start + count)]).encode()


async def test_a_synced_clients_many_known_deletions_take_no_process(
    processes: list[Process],
) -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada, doc=Doc(client_id=77))
        await ada.stored("xy" * 4_000)
        for start in (0, 1_500):
            head = ada.room.head
            for piece in await _pieces(here, ada, _every_second(1_500, start)):
                ada.submit_piece(piece)
            await until(lambda head=head: ada.room.head > head)
        known = await _pieces(here, ada, _every_second(3_000))
        assert [piece.update for piece in known] == [b"\0\0"]
        one_more = await _pieces(here, ada, _every_second(3_001))
        assert [piece.update for piece in one_more] == [_every_second(1, 3_000)]
        assert processes == []
        await _pieces(here, ada, _every_second(4_000, 1_000))  # a thousand are new, and no more
        assert processes == []


async def test_many_deletions_that_are_new_are_screened(processes: list[Process]) -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada, doc=Doc(client_id=77))
        await ada.stored("xy" * 4_000)
        assert await _pieces(here, ada, _every_second(3_000))
        assert len(processes) == 1


async def test_every_refusal_can_come_from_the_process() -> None:
    from server.screening import _refusal  # noqa: PLC0415

    kinds = [Refusal]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in kinds:
        if kind.__module__ == "crdt.errors":
            assert type(_refusal(kind.code, "A sentence.")) is kind


async def test_more_new_client_ids_than_may_come_in_are_refused_before_any_of_them_does() -> None:
    async with house(author_clients_per_minute=300, loop_update_structs=10) as here:
        bob = await here.guest(here.article(), here.bob)
        whole = Forged([Section(n, 0, [text("x")]) for n in range(301, 0, -1)]).encode()
        with pytest.raises(TooManyClients):
            await _pieces(here, bob, whole)
