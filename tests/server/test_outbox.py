import pytest

from server.outbox import Outbox, Parcel

MOST = 100


def _parcel(size: int = 40, seq: int | None = 1, *, lasting: bool = False) -> Parcel:
    return Parcel((b"x" * size,), seq, lasting)


async def test_parcels_come_out_in_the_order_in_which_they_were_put() -> None:
    outbox = Outbox(MOST)
    parcels = [_parcel(1, seq) for seq in range(5)]
    assert all(outbox.put(parcel) for parcel in parcels)
    assert await outbox.take() == parcels


async def test_one_parcel_fits_whatever_its_size() -> None:
    outbox = Outbox(MOST)
    assert outbox.put(_parcel(MOST * 10))
    assert not outbox.lagging


async def test_what_is_beyond_the_bound_makes_the_member_lag_and_empties_the_outbox() -> None:
    outbox = Outbox(MOST)
    assert [outbox.put(_parcel()) for _ in range(3)] == [True, True, False]
    assert outbox.lagging
    assert await outbox.take() == []


async def test_a_lagging_member_gets_nothing_from_here_until_it_resumes() -> None:
    outbox = Outbox(MOST)
    while outbox.put(_parcel()):
        pass
    assert not outbox.put(_parcel(1))
    assert await outbox.take() == []
    outbox.resume()
    late = _parcel(2)
    assert outbox.put(late)
    assert await outbox.take() == [late]


async def test_what_is_not_in_the_log_is_kept_for_a_member_that_lags() -> None:
    outbox = Outbox(MOST)
    answer, refusal = _parcel(10, 7, lasting=True), _parcel(10, None, lasting=True)
    outbox.put(answer)
    while outbox.put(_parcel()):
        pass
    assert outbox.put(refusal)
    assert await outbox.take() == [answer, refusal]
    assert await outbox.take() == []


async def test_what_came_while_catching_up_comes_out_after_it() -> None:
    outbox = Outbox(MOST)
    while outbox.put(_parcel()):
        pass
    await outbox.take()
    refusal = _parcel(10, None, lasting=True)
    outbox.put(refusal)
    outbox.resume()
    assert await outbox.take() == [refusal]


@pytest.mark.parametrize("lasting", [False, True])
async def test_the_bound_holds_whatever_is_put(*, lasting: bool) -> None:
    outbox = Outbox(MOST)
    for _ in range(50):
        outbox.put(_parcel(9, None, lasting=lasting))
    assert sum(parcel.size for parcel in await outbox.take()) <= MOST
