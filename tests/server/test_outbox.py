import pytest

from server.outbox import MOST_SMALL, SMALL, Outbox, Parcel
from tests.support.live import Shelf

MOST = 100


def _outbox() -> tuple[Outbox, Shelf]:
    wire = Shelf()
    return Outbox(wire, MOST), wire


def _parcel(size: int = 40, seq: int | None = 1, *, lasting: bool = False) -> Parcel:
    return Parcel.of(b"x" * (size - 2), seq=seq, lasting=lasting)


def _payload(parcel: Parcel) -> bytes:
    return parcel.frames[2:]


def test_parcels_come_out_in_the_order_in_which_they_were_put() -> None:
    outbox, wire = _outbox()
    parcels = [_parcel(3 + seq, seq) for seq in range(5)]
    assert all(outbox.put(parcel) for parcel in parcels)
    assert wire.take(outbox) == [_payload(parcel) for parcel in parcels]
    assert outbox.sent == 4


def test_a_wire_that_is_ready_gets_a_parcel_at_once() -> None:
    outbox, wire = _outbox()
    wire.ready = True
    assert outbox.put(_parcel(seq=7))
    assert len(wire.sent) == 1
    assert outbox.sent == 7


def test_one_parcel_fits_whatever_its_size() -> None:
    outbox, _ = _outbox()
    assert outbox.put(Parcel(b"x" * MOST * 10))
    assert not outbox.lagging


def test_what_is_beyond_the_bound_makes_the_member_lag_and_empties_the_outbox() -> None:
    outbox, wire = _outbox()
    assert [outbox.put(_parcel()) for _ in range(3)] == [True, True, False]
    assert outbox.lagging
    assert wire.take(outbox) == []


def test_only_a_lagging_member_whose_wire_is_ready_is_told_by_the_log() -> None:
    outbox, wire = _outbox()
    wire.ready = True
    assert not outbox.flush()
    wire.ready = False
    outbox.put(_parcel(10, None, lasting=True))
    while outbox.put(_parcel()):
        pass
    assert not outbox.flush()
    wire.ready = True
    assert outbox.flush()


def test_a_lagging_member_gets_nothing_from_here_until_it_resumes() -> None:
    outbox, wire = _outbox()
    while outbox.put(_parcel()):
        pass
    wire.ready = True
    assert not outbox.put(_parcel(5))
    assert wire.sent == []
    outbox.resume()
    assert outbox.put(_parcel(6))
    assert wire.sent == [_payload(_parcel(6))]


def test_what_is_not_in_the_log_is_kept_for_a_member_that_lags() -> None:
    outbox, wire = _outbox()
    answer, refusal = _parcel(10, 7, lasting=True), _parcel(11, None, lasting=True)
    outbox.put(answer)
    while outbox.put(_parcel()):
        pass
    assert outbox.put(refusal)
    assert wire.take(outbox) == [_payload(answer), _payload(refusal)]
    assert wire.take(outbox) == []


def test_what_came_while_catching_up_comes_out_after_it() -> None:
    outbox, wire = _outbox()
    while outbox.put(_parcel()):
        pass
    wire.ready = True
    refusal = _parcel(10, None, lasting=True)
    outbox.put(refusal)
    assert wire.sent == []
    outbox.resume()
    assert wire.sent == [_payload(refusal)]


@pytest.mark.parametrize(("size", "lasting"), [(9, False), (SMALL + 1, True)])
def test_the_bound_holds_whatever_is_put(size: int, *, lasting: bool) -> None:
    outbox, wire = _outbox()
    for _ in range(50):
        outbox.put(_parcel(size, None, lasting=lasting))
    assert sum(len(message) + 2 for message in wire.take(outbox)) <= max(MOST, size + 2)


def test_a_question_waits_even_where_there_is_no_room_for_anything_else() -> None:
    outbox, wire = _outbox()
    assert outbox.put(Parcel.of(b"x" * 5000, seq=1, lasting=True))
    assert outbox.put(Parcel.of(b"question", lasting=True))
    assert not outbox.put(Parcel.of(b"y" * 5000, seq=2, lasting=True))
    assert wire.take(outbox)[-1] == b"question"


def test_the_small_ones_that_may_wait_have_a_number() -> None:
    outbox, _ = _outbox()
    kept = [outbox.put(Parcel.of(b"question" * 20, lasting=True)) for _ in range(2 * MOST_SMALL)]
    assert kept.count(True) == MOST_SMALL
