from server import oversized
from server.oversized import SECONDS, Oversized


def test_who_sent_too_much_is_remembered_for_ten_minutes() -> None:
    now = 0.0
    noted = Oversized(lambda: now)
    noted.note(("bach2", "ada"))
    assert ("bach2", "ada") in noted
    now = SECONDS
    assert ("bach2", "ada") not in noted


def test_others_and_other_articles_are_not_meant() -> None:
    noted = Oversized(lambda: 0.0)
    noted.note(("bach2", "ada"))
    assert ("bach2", "bob") not in noted
    assert ("other", "ada") not in noted


def test_the_memory_has_a_number() -> None:
    noted = Oversized(lambda: 0.0)
    for number in range(oversized.MOST + 5):
        noted.note(("bach2", str(number)))
    assert len(noted._until) == oversized.MOST
    assert ("bach2", "0") not in noted
    assert ("bach2", str(oversized.MOST + 4)) in noted
