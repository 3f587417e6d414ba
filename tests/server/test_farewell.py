from time import monotonic

import pytest

from server.farewell import say_farewell
from server.member import Member
from server.refusals import ShuttingDown
from tests.support.live import house


async def test_everybody_hears_the_reason_spread_over_the_time() -> None:
    async with house() as here:
        guests = [await here.guest(here.article(), here.ada) for _ in range(3)]
        members = [guest.member for guest in guests]
        await say_farewell(members, ShuttingDown("Soon back."), 0.03)
        assert [str(guest.closed) for guest in guests] == ["Soon back."] * 3


async def test_nobody_hears_it_before_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes back early would do so with all the others."""
    async with house() as here:
        guests = [await here.guest(here.article(), here.ada) for _ in range(5)]
        closed: list[float] = []
        monkeypatch.setattr(Member, "close", lambda *_: closed.append(monotonic()))
        began = monotonic()
        await say_farewell([guest.member for guest in guests], ShuttingDown("Soon back."), 0.5)
        assert all(at - began >= 0.1 * turn for turn, at in enumerate(closed))
        assert len(closed) == 5
        monkeypatch.undo()


async def test_a_farewell_to_nobody_ends_at_once() -> None:
    await say_farewell([], ShuttingDown("Soon back."), 3600)
