import asyncio
from typing import Any

from server.place import Place
from server.register import Register


async def _opened(room: Any) -> Any:
    return room


async def test_a_room_is_found_once_it_is_loaded() -> None:
    register, room = Register(), object()
    assert register.find(1) is None
    opening = asyncio.create_task(_opened(room))
    place = register.places[1] = Place(opening, 0.0)
    assert (register.find(1), register.rooms(), register.open_places()) == (None, {}, [])
    await opening
    assert (register.find(1), register.rooms(), register.open_places()) == (
        room,
        {1: room},
        [place],
    )
