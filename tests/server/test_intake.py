from itertools import chain, repeat
from typing import Any, NoReturn

from crdt.edit import Edit
from crdt.errors import Refusal
from server.refusals import StorageUnavailable, TooManyClients
from server.submission import Submission
from tests.support.instead import instead
from tests.support.live import Guest, house, until


def _submitted(guest: Guest, count: int) -> None:
    for number in range(count):
        guest.submit(guest.make(f"{number} ", 0))


async def test_gating_stops_when_its_time_is_over_and_the_rest_comes_with_the_next_turn() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        intake = ada.room._intake
        _submitted(ada, 5)
        more_time = chain([True, True], repeat(False))
        turn = intake.admit(0, lambda: next(more_time))
        assert turn is not None
        assert (len(turn.edits), intake.waiting, intake.uncommitted) == (1, True, True)
        intake.settle(turn)
        assert not intake.uncommitted
        await until(lambda: not intake.waiting)


async def test_a_turn_without_anything_new_is_none() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada)
        update = ada.make("once")
        ada.submit(update)
        await until(lambda: ada.room.head == 1)
        ada.submit(update)
        await until(lambda: not ada.room._intake.waiting)
        await ada.stored("!")
        assert here.store.log.heads([article.id]) == {article.id: 2}


async def test_what_is_lost_is_told_and_forgotten() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        intake = ada.room._intake
        _submitted(ada, 3)
        intake.lose(StorageUnavailable("gone"))
        assert not intake.waiting
        assert not intake.uncommitted


async def test_too_many_new_client_ids_are_told_and_the_writer_goes_on() -> None:
    async with house() as here:
        article = here.article()
        ada, again = await here.guest(article, here.ada), await here.guest(article, here.ada)
        await ada.stored("mine")
        ada.member.bring = again.member.bring = _refuse
        again.type("under another client id")
        await again.until(lambda: again.refusals)
        assert again.refusals[0].startswith("too-many-clients")
        await ada.stored(" and mine")


def _refuse(_clients: int) -> NoReturn:
    raise TooManyClients("Too many.")


class _Typist:
    """A writer that remembers what it is told."""

    stuck = False

    def __init__(self, author: str) -> None:
        self.author = author
        self.told: list[str] = []

    def bring(self, clients: int) -> None:
        """Bring as many as it likes."""

    def stored(self, _seq: int) -> None:
        self.told.append("stored")

    def refused(self, refusal: Refusal) -> None:
        self.told.append(refusal.code)

    lost = put_off = refused

    def resync(self, state_vector: bytes) -> bool:
        self.told.append(f"resync {len(state_vector)}")
        return True


def _told(ada: Guest, updates: list[bytes]) -> tuple[list[str], tuple[Edit, ...]]:
    """What a typist is told of updates that wait together, and what came of them."""
    typist, intake = _Typist(ada.member.author), ada.room._intake
    for update in updates:
        intake.queue(Submission(typist, update, ada._rules))
    turn = intake.admit(0, lambda: True)
    for writer in intake.settle(turn) if turn else []:
        writer.stored(1)
    return typist.told, turn.edits if turn else ()


async def test_what_is_typed_on_is_gated_at_once_and_told_each() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        admitted = list[bytes]()
        admit = ada.room._live.admit

        def counted(data: bytes, *more: object) -> Edit | None:
            admitted.append(data)
            return admit(data, *more)  # type: ignore[arg-type]

        instead(ada.room._live, "admit", counted)
        told, edits = _told(ada, [ada.make("x") for _ in range(50)])
        assert (told, len(edits), len(admitted)) == (["stored"] * 50, 1, 1)
        assert ada.room._live.text() == "x" * 50


async def test_of_what_may_not_come_in_everything_is_told_one_by_one() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        await bob.stored("Bob's ")
        updates = [bob.make("y") for _ in range(3)]
        ada.room._intake._missed = lambda: False
        assert _told(ada, updates) == (["foreign-client-id"] * 3, ())


async def test_what_is_known_already_is_told_at_once() -> None:
    async with house() as here:
        ada = await here.guest(here.article(), here.ada)
        updates = [ada.make("x") for _ in range(5)]
        assert _told(ada, updates)[0] == ["stored"] * 5
        assert _told(ada, updates) == (["stored"] * 5, ())


async def test_two_who_type_at_once_are_not_taken_for_one() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        intake = ada.room._intake
        typists = [_Typist(here.ada.id), _Typist(here.bob.id)]
        for _ in range(4):
            for typist, guest in zip(typists, (ada, bob), strict=True):
                intake.queue(Submission(typist, guest.make("x"), guest._rules))
        turn = intake.admit(0, lambda: True)
        assert turn is not None
        assert len(turn.edits) == 8
        assert len(intake.settle(turn)) == 8


async def test_what_is_parked_is_gated_again_only_when_what_it_needs_has_come() -> None:
    async with house() as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        first, second = ada.make("x"), ada.make("y")
        admit, gated = ada.room._live.admit, list[bytes]()

        def counted(data: bytes, *more: Any) -> Edit | None:
            gated.append(data)
            return admit(data, *more)

        instead(ada.room._live, "admit", counted)
        ada.submit(second)
        await until(lambda: gated == [second])
        for number in range(3):
            await bob.stored(f"{number} ")
        assert gated.count(second) == 1
        ada.submit(first)
        await until(lambda: ada.room.head == 4)
        assert gated[-2:] == [first, second]
        assert sorted(ada.room._live.text()) == sorted("xy0 1 2 ")
