import asyncio

import pytest

from server.reading.article import Reading, Wanted
from server.reading.shelf import Shelf


def wanted(seq: int) -> Wanted:
    return Wanted(1, seq, None, None)


class Maker:
    """Makes readings of a size, and counts them."""

    def __init__(self, size: int) -> None:
        self.size, self.made = size, 0

    async def __call__(self, asked: Wanted) -> Reading:
        self.made += 1
        await asyncio.sleep(0)
        return Reading(asked, "", "x" * self.size, "", (), (), is_cut=False)


async def test_who_asks_at_once_waits_for_one_making() -> None:
    shelf, make = Shelf(), Maker(1)
    await asyncio.gather(*(shelf.get(wanted(1), make) for _ in range(5)))
    await shelf.get(wanted(1), make)
    assert make.made == 1


async def test_what_was_asked_for_longest_ago_goes_first() -> None:
    shelf, make = Shelf(most_bytes=100, most_of_one=50), Maker(40)
    for seq in (1, 2, 1, 3):
        await shelf.get(wanted(seq), make)
    assert (make.made, shelf.size) == (3, 80)
    await shelf.get(wanted(1), make)
    assert make.made == 3
    await shelf.get(wanted(2), make)
    assert make.made == 4


async def test_what_is_too_large_is_not_kept() -> None:
    shelf, make = Shelf(most_bytes=100, most_of_one=50), Maker(60)
    await shelf.get(wanted(1), make)
    await shelf.get(wanted(1), make)
    assert (make.made, shelf.size) == (2, 0)


async def test_a_failure_is_not_kept() -> None:
    async def fail(_asked: Wanted) -> Reading:
        raise LookupError

    shelf, make = Shelf(), Maker(1)
    with pytest.raises(LookupError):
        await shelf.get(wanted(1), fail)
    await shelf.get(wanted(1), make)
    assert make.made == 1
