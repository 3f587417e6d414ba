import asyncio

from server.place import FREE_RENEWALS, MOST_RENEWAL_SECONDS, Place


async def _nothing() -> None:
    """There is no room."""


async def test_some_renewals_are_free_and_many_are_made_to_wait() -> None:
    place = Place(asyncio.create_task(_nothing()), 0.0)  # type: ignore[arg-type]
    waits = [place.renew(100.0) for _ in range(FREE_RENEWALS + 20)]
    assert set(waits[:FREE_RENEWALS]) == {0.0}
    assert sorted(waits) == waits
    assert waits[FREE_RENEWALS] > 0
    assert waits[-1] == MOST_RENEWAL_SECONDS
    assert place.renew(100.0 + 10 * MOST_RENEWAL_SECONDS) == 0.0
