import pytest

from server.occasion import Occasion, Patience
from server.settings import Settings

PATIENCE = Patience(quiet=60.0, work=600.0, left=5.0)


@pytest.fixture
def occasion() -> Occasion:
    return Occasion(PATIENCE)


def test_the_settings_say_how_long_to_wait() -> None:
    chosen = Settings(revision_quiet_seconds=1, revision_work_seconds=2, revision_left_seconds=3)
    assert Patience.of(chosen) == (1, 2, 3)


def test_without_edits_nothing_is_due(occasion: Occasion) -> None:
    occasion.look(0, 0.0, writers=False)
    assert occasion.due(10_000.0) is None
    assert not occasion.pending


def test_a_quiet_minute_after_edits_is_an_occasion(occasion: Occasion) -> None:
    occasion.look(3, 100.0, writers=True)
    occasion.look(4, 130.0, writers=True)
    occasion.look(4, 189.9, writers=True)
    assert occasion.due(189.9) is None
    assert occasion.due(190.0) == "quiet"


def test_ten_minutes_of_work_are_an_occasion(occasion: Occasion) -> None:
    for second in range(601):
        occasion.look(second + 1, float(second), writers=True)
        assert occasion.due(float(second)) == ("work" if second == 600 else None)


def test_the_last_writer_leaving_is_an_occasion(occasion: Occasion) -> None:
    occasion.look(1, 0.0, writers=True)
    occasion.look(1, 10.0, writers=False)
    occasion.look(1, 14.0, writers=False)
    assert occasion.due(14.9) is None
    assert occasion.due(15.0) == "left"


def test_whoever_comes_back_soon_has_not_left(occasion: Occasion) -> None:
    occasion.look(1, 0.0, writers=True)
    occasion.look(1, 10.0, writers=False)
    occasion.look(1, 12.0, writers=True)
    occasion.look(1, 40.0, writers=False)
    assert occasion.due(44.0) is None
    assert occasion.due(45.0) == "left"


def test_what_comes_when_nobody_is_there_waits_as_long(occasion: Occasion) -> None:
    occasion.look(0, 0.0, writers=False)
    occasion.look(1, 100.0, writers=False)
    assert occasion.due(104.0) is None
    assert occasion.due(105.0) == "left"


def test_after_a_revision_only_newer_edits_count(occasion: Occasion) -> None:
    occasion.look(5, 0.0, writers=True)
    occasion.revised(5, 60.0)
    assert occasion.due(1_000.0) is None
    occasion.look(6, 1_000.0, writers=True)
    assert occasion.pending
    assert occasion.due(1_059.0) is None
    assert occasion.due(1_060.0) == "quiet"


def test_what_came_while_a_revision_was_made_is_not_in_it(occasion: Occasion) -> None:
    occasion.look(7, 590.0, writers=True)
    occasion.revised(5, 600.0)
    assert occasion.pending
    assert occasion.due(650.0) == "quiet"


def test_what_could_not_be_done_is_tried_later(occasion: Occasion) -> None:
    occasion.look(1, 0.0, writers=False)
    assert occasion.due(5.0) == "left"
    occasion.put_off(5.0)
    assert occasion.due(9.0) is None
    assert occasion.due(10.0) == "left"
