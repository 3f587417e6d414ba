from itertools import chain, repeat
from typing import NoReturn

from server.refusals import StorageUnavailable, TooManyClients
from tests.support.live import Guest, house, until


def _submitted(guest: Guest, count: int) -> None:
    for number in range(count):
        guest.submit(guest.make(f"{number} "))


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
