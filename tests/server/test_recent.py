"""What was read a moment ago; the clock is the test's."""

import asyncio
import threading

import pytest

from server.recent import Recent
from tests.support.live import until

SECONDS = 10.0
MOST = 3


class Shelf:
    """Something that is read from, slowly if need be."""

    def __init__(self) -> None:
        self.now = 100.0
        self.readings: list[str] = []
        self.open = threading.Event()
        self.open.set()
        self.recent = Recent(self.read, SECONDS, MOST, lambda: self.now)

    def read(self, key: str) -> str:
        self.readings.append(key)
        assert self.open.wait(30)
        if key == "missing":
            raise KeyError(key)
        return f"{key} {len(self.readings)}"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def test_a_value_is_read_again_when_its_time_is_over(shelf: Shelf) -> None:
    assert await shelf.recent.get("a") == "a 1"
    shelf.now += SECONDS - 0.1
    assert await shelf.recent.get("a") == "a 1"
    shelf.now += 0.1
    assert await shelf.recent.get("a") == "a 2"


async def test_all_who_ask_at_once_wait_for_one_reading(shelf: Shelf) -> None:
    shelf.open.clear()
    asking = [asyncio.ensure_future(shelf.recent.get("a")) for _ in range(100)]
    await until(lambda: shelf.readings)
    asking.pop().cancel()  # one who goes takes nothing from the others
    shelf.open.set()
    assert set(await asyncio.gather(*asking)) == {"a 1"}


async def test_a_reading_that_failed_is_not_kept(shelf: Shelf) -> None:
    for _ in range(2):
        with pytest.raises(KeyError):
            await shelf.recent.get("missing")
        await asyncio.sleep(0)
        assert len(shelf.recent) == 0
    assert shelf.readings == ["missing", "missing"]


async def test_there_are_never_more_than_so_many(shelf: Shelf) -> None:
    for key in "abcdefgh":
        await shelf.recent.get(key)
        assert len(shelf.recent) <= MOST


async def test_what_has_changed_can_be_forgotten(shelf: Shelf) -> None:
    assert await shelf.recent.get("a") == "a 1"
    assert await shelf.recent.get("b") == "b 2"
    shelf.recent.forget(lambda value: value.startswith("a"))
    assert await shelf.recent.get("a") == "a 3"
    assert await shelf.recent.get("b") == "b 2"


async def test_what_is_being_read_while_it_changes_is_forgotten_too(shelf: Shelf) -> None:
    shelf.open.clear()
    asking = asyncio.ensure_future(shelf.recent.get("a"))
    await until(lambda: shelf.readings)
    shelf.recent.forget(lambda _: False)
    shelf.open.set()
    assert await asking == "a 1"
    assert await shelf.recent.get("a") == "a 2"
