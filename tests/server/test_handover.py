import select
from dataclasses import replace

from server.handover import Handover, Outcome
from server.plan import Plan
from server.seat import Seat
from tests.support.seats import PLAN, SERVING, end, seated

STUBBORN = "signal.signal(15, signal.SIG_IGN); " + SERVING
FIRST_ONLY = "json.loads(sys.argv[1])['waits'] or sys.exit(7); " + SERVING
FIRST_IN_TIME = "json.loads(sys.argv[1])['waits'] or time.sleep(1e6); " + SERVING
PATIENT = replace(PLAN, stop_seconds=60.0)
HASTY = replace(PLAN, stop_seconds=0.1, start_seconds=0.1)


def _begun(place: Seat, plan: Plan) -> Handover:
    assert place.worker is not None
    return Handover(place, place.worker, plan)


def _outcome(handover: Handover) -> Outcome:
    """Take step after step."""
    while True:
        ready, _, _ = select.select([handover.watched], [], [], 0.05)
        if (outcome := handover.go_on(ready)) != "under way":
            return outcome


def test_the_heir_sits_there_when_the_worker_has_left() -> None:
    place = seated(SERVING)
    worker = place.worker
    handover = _begun(place, PATIENT)
    assert handover.begins
    assert place.worker is worker
    assert _outcome(handover) == "done"
    assert not handover.begins
    assert place.worker is not worker
    assert place.listening
    end(place)


def test_who_does_not_leave_is_killed() -> None:
    place = seated(STUBBORN)
    assert _outcome(_begun(place, replace(HASTY, start_seconds=60.0))) == "done"
    assert place.listening
    end(place)


def test_an_heir_that_ends_leaves_the_worker_where_it_is() -> None:
    place = seated(FIRST_ONLY)
    worker = place.worker
    handover = _begun(place, PATIENT)
    assert _outcome(handover) == "failed"
    assert handover.status == 7
    assert place.worker is worker
    end(place)


def test_an_heir_that_does_not_come_up_leaves_the_worker_where_it_is() -> None:
    place = seated(FIRST_IN_TIME)
    worker = place.worker
    assert _outcome(_begun(place, HASTY)) == "failed"
    assert place.worker is worker
    end(place)


def test_it_can_be_called_off_until_the_heir_listens() -> None:
    place = seated(SERVING)
    worker = place.worker
    handover = _begun(place, PATIENT)
    handover.cancel()
    assert place.worker is worker
    end(place)
