import re
from datetime import UTC, datetime

import pytest

from persistence.errors import NameTaken
from persistence.store import MemoryStore
from server.newcomers import Newcomers


def test_an_author_has_an_id_by_lot_and_a_colour(newcomers: Newcomers) -> None:
    author = newcomers.make("Ada")
    assert re.fullmatch("[a-z0-9]{12}", author.id)
    assert re.fullmatch("#[0-9a-f]{6}", author.colour)
    assert author.created <= datetime.now(UTC)


def test_an_author_is_stored(newcomers: Newcomers, store: MemoryStore) -> None:
    author = newcomers.make("Ada", colour="#123456")
    assert store.authors.get(author.id) == author
    assert author.colour == "#123456"


def test_a_name_that_looks_like_another_is_taken(newcomers: Newcomers) -> None:
    newcomers.make("Ada")
    with pytest.raises(NameTaken):
        newcomers.make("\u0410 DA")


def test_a_person_cannot_have_a_reserved_name(newcomers: Newcomers) -> None:
    with pytest.raises(NameTaken, match="server itself"):
        newcomers.make("lmporter")


def test_a_bot_of_ours_can(newcomers: Newcomers) -> None:
    assert newcomers.make("Importer", kind="bot").kind == "bot"


def test_a_providers_person_becomes_an_author(newcomers: Newcomers, store: MemoryStore) -> None:
    author = newcomers.admit("https://id.org p1", "Ada")
    assert store.authors.by_subject("https://id.org p1") == author


def test_a_person_stays_the_same_author(newcomers: Newcomers) -> None:
    assert newcomers.admit("x p1", "Ada") == newcomers.admit("x p1", "Ada")


def test_a_taken_name_gets_a_number(newcomers: Newcomers) -> None:
    newcomers.make("Ada")
    names = [newcomers.admit(f"x p{number}", "Ada").name for number in range(2)]
    assert names == ["Ada 2", "Ada 3"]


def test_a_long_name_is_cut_for_its_number(newcomers: Newcomers) -> None:
    newcomers.make("a" * 64)
    assert newcomers.admit("x p", "a" * 64).name == "a" * 62 + " 2"


@pytest.mark.parametrize("name", ["", "\u202e", "a\nb"])
def test_who_has_no_name_to_show_is_somebody(newcomers: Newcomers, name: str) -> None:
    assert newcomers.admit("x p", name).name == "Somebody"


def test_namesakes_come_to_an_end(newcomers: Newcomers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.newcomers.NAMESAKES", 2)
    newcomers.make("Ada")
    with pytest.raises(NameTaken, match="too many"):
        newcomers.admit("x p", "Ada")
