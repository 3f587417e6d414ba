"""What undo brings back keeps its first author: once, where it stood, and for ever."""

import pytest

from crdt.carry import FEW
from crdt.edit import Edit
from crdt.gate import Rules
from crdt.livearticle import LiveArticle
from tests.support.forging import Forged, insertion, text
from tests.support.people import ROOT, RULES, Desk, desk, live_article

ADA, BO, CY = 7, 9, 11


def deleted_by_bo() -> Desk:
    """Ada wrote "hello 😀 world"; Bo deleted "hello 😀 "."""
    table = desk("ada", "bo")
    table.people[0].insert(0, "hello 😀 world")
    table.share()
    table.people[1].delete(0, 8)
    table.share()
    return table


class Bench:
    """An article in which Ada (client 7) wrote "hello" and Bo (9) takes it away and back."""

    def __init__(self, words: str = "hello") -> None:
        self.live = live_article()
        self.rows: list[tuple[int, Edit]] = []
        self.do(insertion(ADA, 0, text(words)), "ada")

    def do(self, data: bytes, author: str = "bo", rules: Rules = RULES) -> Edit:
        edit = self.live.admit(data, author, len(self.rows) * 60_000, rules)
        assert edit is not None
        self.live.document.apply([edit.payload])
        self.live.committed([edit])
        self.rows.append((len(self.rows) * 60_000, edit))
        return edit

    def delete(self, client: int, clock: int, length: int) -> Edit:
        return self.do(Forged(deleted=[(client, clock, length)]).encode())

    def copy(self, client: int, words: str) -> Edit:
        """Put words where undo would, not having seen the copies of others."""
        return self.do(insertion(client, 0, text(words, None, (ADA, 0))))

    def authors(self) -> list[tuple[int, str]]:
        return [(span.length, span.author) for span in self.live.spans()]

    def restarted(self) -> None:
        self.live = LiveArticle(ROOT, self.live.ownership.owners(), 100, self.live.state())

    def replayed(self) -> None:
        self.live = live_article()
        self.live.replay(self.rows)


def test_text_that_another_brings_back_stays_its_first_authors() -> None:
    table = deleted_by_bo()
    table.people[1].undo.undo()
    table.share()
    assert table.authors() == [("hello 😀 world", "ada")]


def test_undoing_and_redoing_over_and_over_changes_no_author() -> None:
    table = deleted_by_bo()
    for _ in range(4):
        table.people[1].undo.undo()
        table.share()
        assert table.authors() == [("hello 😀 world", "ada")]
        table.people[1].undo.redo()
        table.share()
        assert table.authors() == [("world", "ada")]


def test_what_two_wrote_side_by_side_comes_back_to_each() -> None:
    table = desk("ada", "cy", "bo")
    ada, cy, bo = table.people
    ada.insert(0, "hello ")
    table.share()
    cy.insert(6, "world")
    table.share()
    bo.delete(2, 9)
    table.share()
    bo.undo.undo()
    table.share()
    assert table.authors() == [("hello ", "ada"), ("world", "cy")]


def test_a_copy_right_behind_a_copy_is_its_own_first_authors() -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.copy(BO, "hello")
    bench.do(insertion(CY, 0, text("world", (BO, 4), (ADA, 0))), "cy")
    bench.delete(CY, 0, 5)
    bench.do(insertion(BO, 5, text("world", (BO, 4), (CY, 0))))
    assert bench.authors() == [(5, "ada"), (5, "cy")]


def test_a_row_says_who_carried_what() -> None:
    bench = Bench()
    assert bench.delete(ADA, 0, 5).carried is None
    assert bench.copy(BO, "hello").carried is not None
    (part,) = bench.live.ledger.inserts.attributions(BO, 0, 5)
    said = {attribute.name: attribute.value for attribute in part.attributes}
    assert (said["insert"], said["carriedBy"], said["carriedFrom"]) == ("ada", "bo", "7:0")
    assert (said["insertAt"], said["carriedAt"]) == (0, 120_000)
    assert bench.live.ledger.authors() == {"ada", "bo"}


@pytest.mark.parametrize("again", ["restarted", "replayed", "__init__"])
def test_nothing_is_carried_twice_while_one_copy_lives(again: str) -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.copy(BO, "hello")
    if again != "__init__":
        getattr(bench, again)()
    bench.copy(CY, "hello")
    assert sorted(bench.authors()) == [(5, "ada"), (5, "bo")]


@pytest.mark.parametrize("again", ["restarted", "replayed", "__init__"])
def test_a_dead_copy_makes_room_for_another(again: str) -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.copy(BO, "hello")
    bench.delete(BO, 0, 5)
    if again != "__init__":
        getattr(bench, again)()
    bench.copy(CY, "hello")
    assert bench.authors() == [(5, "ada")]


@pytest.mark.parametrize("dead", [3, 50])
def test_a_dead_copy_does_not_hide_a_living_one_after_a_restart(dead: int) -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.copy(dead, "hello")
    bench.delete(dead, 0, 5)
    bench.copy(BO, "hello")
    bench.restarted()
    bench.copy(CY, "hello")
    assert sorted(bench.authors()) == [(5, "ada"), (5, "bo")]


def test_a_copy_of_a_copy_has_the_first_source() -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.copy(BO, "hello")
    bench.delete(BO, 1, 3)
    bench.do(insertion(BO, 5, text("ell", (BO, 0), (BO, 1))))
    assert bench.authors() == [(5, "ada")]
    (part,) = bench.live.ledger.inserts.attributions(BO, 5, 3)
    assert {a.name: a.value for a in part.attributes}["carriedFrom"] == "7:-4"


def test_a_part_of_what_was_deleted_is_carried_from_its_beginning() -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.copy(BO, "hel")
    assert bench.authors() == [(3, "ada")]


@pytest.mark.parametrize("words", ["hallo", "hello!", "ello", "HELLO"])
def test_other_words_are_not_carried(words: str) -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.copy(BO, words)
    assert bench.authors() == [(len(words), "bo")]


def test_the_same_words_elsewhere_are_not_carried() -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.do(insertion(BO, 0, text("hello", (ADA, 4))))
    assert bench.authors() == [(5, "bo")]


def test_what_is_not_deleted_is_not_carried() -> None:
    bench = Bench()
    bench.copy(BO, "hello")
    assert bench.authors() == [(5, "bo"), (5, "ada")]


def test_what_is_deleted_in_part_is_not_carried_whole() -> None:
    bench = Bench()
    bench.delete(ADA, 0, 3)
    bench.copy(BO, "hello")
    assert bench.authors() == [(5, "bo"), (2, "ada")]


def test_a_long_copy_may_come_in_parts() -> None:
    bench = Bench("hello😀world")
    bench.delete(ADA, 0, 12)
    bench.copy(BO, "hello")
    bench.do(insertion(BO, 5, text("😀wor", (BO, 4), (ADA, 0))))
    bench.do(insertion(BO, 10, text("ld", (BO, 9), (ADA, 0))))
    assert bench.authors() == [(11, "ada")]


def test_what_goes_on_after_a_copy_is_its_writers() -> None:
    bench = Bench()
    bench.delete(ADA, 0, 5)
    bench.copy(BO, "hello")
    bench.do(insertion(BO, 5, text("!", (BO, 4), (ADA, 0))))
    assert bench.authors() == [(5, "ada"), (1, "bo")]


def test_the_long_list_of_a_client_that_syncs_is_no_undoing() -> None:
    bench = Bench("x" * 2 * (FEW + 1))
    bench.delete(ADA, 0, 2 * (FEW + 1))
    told = [(ADA, 2 * number, 1) for number in range(FEW + 1)]
    assert bench.live.admit(Forged(deleted=told).encode(), "cy", 0, RULES) is None
    bench.do(insertion(CY, 0, text("x", None, (ADA, 0))), "cy")
    assert bench.authors() == [(1, "cy")]
