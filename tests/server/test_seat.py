import signal

import pytest

from server import seat as seats
from server.seat import Seat
from server.supervised import Supervised
from tests.support.seats import PLAN, SERVING, SILENT, end, seat, seated


def _filled(place: Seat) -> Supervised:
    place.fill()
    assert place.worker is not None
    return place.worker


def test_it_is_empty_and_its_worker_due() -> None:
    place = seat(SILENT)
    assert (place.worker, place.listening, place.wait()) == (None, False, 0)


def test_it_is_listening_when_its_worker_is() -> None:
    place = seated(SERVING)
    assert place.listening
    end(place)
    assert not place.listening


def test_starts_in_vain_are_counted_until_one_listens() -> None:
    place = seat(SILENT)
    for times in (1, 2):
        assert place.vacate(_filled(place), "stalled") == -signal.SIGKILL
        assert place.vain_starts == times
    other = seated(SERVING)
    other.vain_starts = 5
    end(other)
    assert other.vain_starts == 0


def test_the_next_one_waits_the_longer_the_shorter_they_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place, pauses = seat(SILENT), []
    for _ in range(7):
        end_of = _filled(place)
        place.vacate(end_of, "stalled")
        pauses.append(place.pause)
        assert place.pause - 1 < place.wait() <= place.pause
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    monkeypatch.setattr(seats, "SHORT_LIFE", 0.0)
    other = seated(SERVING)
    end(other)
    assert (other.pause, other.wait()) == (0, 0)


def test_what_the_last_worker_had_in_hand_is_left_for_the_next() -> None:
    place = seated(SERVING)
    place._slate.note(1, "ada", b"update")
    place.seal("died", 1)
    found = place._slate.found()
    assert found is not None
    assert (found.reason, found.certain) == ("died", True)
    end(place)


def test_who_was_killed_from_outside_is_not_to_blame() -> None:
    place = seat(SILENT)
    place._slate.note(1, "ada", b"update")
    place.seal("died", -signal.SIGKILL)
    found = place._slate.found()
    assert found is not None
    assert not found.certain


def test_an_heir_has_a_slate_of_its_own_and_is_seated_with_it() -> None:
    place = seated(SERVING)
    worker, mine = place.worker, place._slate
    heir, slate = place.heir()
    assert place.worker is worker
    assert place.hand_over(heir, slate) is mine
    assert (place.worker, place._slate) == (heir, slate)
    assert worker is not None
    worker.end(patient=False)
    end(place)


def test_a_signal_to_an_empty_one_is_lost() -> None:
    place = seat("time.sleep(1e6)", PLAN)
    place.send(signal.SIGTERM)
    worker = _filled(place)
    place.send(signal.SIGTERM)
    assert worker.end(patient=True) == -signal.SIGTERM
