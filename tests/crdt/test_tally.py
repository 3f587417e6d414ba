"""A tally: what each author wrote, kept and took away, against a count by hand of every ID."""

from collections import Counter

import pytest

from crdt.attribution import Attribution
from crdt.livearticle import LiveArticle
from crdt.stretches import Stretch, stretches
from crdt.structs import Kind
from crdt.tally import Count, Loss, losses, surviving, tally, written_by
from tests.support.people import ROOT, desk, history


def counted(before: list[Stretch], now: list[Stretch], ledger: Attribution) -> tuple[Count, ...]:
    return tally(before, now, losses(before, now, ledger))


def told(live: LiveArticle) -> list[Stretch]:
    return list(stretches(live.weave, live.ledger))


def test_what_is_new_is_inserted_and_what_stood_there_is_kept() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "ab😀")
    table.share()
    before = told(table.live)
    bo.insert(1, "xyz")
    ada.insert(3, "!")
    table.share()
    assert counted(before, told(table.live), table.live.ledger) == (
        Count("ada", 1, 0, 3),
        Count("bo", 3, 0, 0),
    )


def test_whoever_takes_away_is_the_one_who_deleted() -> None:
    table = desk("ada", "bo", "cy")
    ada, bo, cy = table.people
    ada.insert(0, "abc😀efgh")
    table.share()
    before = told(table.live)
    bo.delete(1, 4)
    table.share()
    cy.delete(1, 2)
    table.share()
    assert counted(before, told(table.live), table.live.ledger) == (
        Count("ada", 0, 0, 4),
        Count("bo", 0, 3, 0),
        Count("cy", 0, 1, 0),
    )


def test_what_came_and_went_between_two_points_counts_nowhere() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "ab")
    table.share()
    before = told(table.live)
    bo.insert(1, "xyz")
    table.share()
    ada.delete(1, 4)
    table.share()
    assert counted(before, told(table.live), table.live.ledger) == (Count("ada", 0, 0, 2),)


def test_what_was_taken_away_and_brought_back_is_kept() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello")
    table.share()
    before = told(table.live)
    bo.delete(1, 4)
    table.share()
    gone = told(table.live)
    bo.undo.undo()
    table.share()
    now, ledger = told(table.live), table.live.ledger
    assert counted(before, now, ledger) == (Count("ada", 0, 0, 5),)
    assert counted(gone, now, ledger) == (Count("ada", 3, 0, 2),)


def test_a_copy_that_is_taken_away_again_was_deleted_by_whoever_did_that() -> None:
    table = desk("ada", "bo", "cy")
    ada, bo, cy = table.people
    ada.insert(0, "hello")
    table.share()
    bo.delete(1, 4)
    table.share()
    bo.undo.undo()
    table.share()
    before = told(table.live)
    cy.delete(0, 5)
    table.share()
    assert counted(before, told(table.live), table.live.ledger) == (Count("cy", 0, 5, 0),)
    assert losses(before, told(table.live), table.live.ledger) == (Loss("ada", "cy", 5),)


def test_all_that_was_written_counts_once_and_marks_do_not() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hel😀lo")
    ada.embolden(0, 2)
    table.share()
    bo.delete(1, 4)
    table.share()
    bo.undo.undo()
    bo.insert(0, "xy")
    table.share()
    assert written_by(table.live.weave, table.live.ledger) == {"ada": 6, "bo": 2}
    assert surviving(told(table.live)) == {"ada": 6, "bo": 2}


def _characters(live: LiveArticle) -> dict[tuple[int, int], tuple[str, tuple[int, int]]]:
    """Author and actual ID of each visible UTF-16 unit, by the ID it was first written under."""
    found = {}
    for each in told(live):
        for unit in range(each.length):
            source = (each.source[0], each.source[1] + unit)
            found[source] = (each.author, (each.client, each.clock + unit))
    return found


def _halves(live: LiveArticle) -> set[tuple[int, int]]:
    """IDs of the second halves of surrogate pairs."""
    found = set()
    for block in live.weave:
        if block.kind != Kind.STRING:
            continue
        clock = block.clock
        for character in str(block.content):
            if character > "\uffff":
                found.add((block.client, clock + 1))
                clock += 1
            clock += 1
    return found


def _sums(lost: Counter[tuple[str, str]], place: int) -> Counter[str]:
    sums: Counter[str] = Counter()
    for who, length in lost.items():
        sums[who[place]] += length
    return sums


@pytest.mark.parametrize("seed", range(30))
def test_a_tally_is_what_counting_every_id_gives(seed: int) -> None:
    whole = history(seed)
    live = LiveArticle(ROOT, {}, 0)
    half = len(whole.rows) // 2
    live.replay(whole.rows[:half])
    before, stood = told(live), _characters(live)
    live.replay(whole.rows[half:])
    stands, halves = _characters(live), _halves(live)
    counts: dict[str, Counter[str]] = {
        "inserted": Counter(),
        "deleted": Counter(),
        "kept": Counter(),
    }
    for source, (author, _) in stands.items():
        if source not in halves:
            counts["kept" if source in stood else "inserted"][author] += 1
    for source, (_, (client, clock)) in stood.items():
        if source not in stands and source not in halves:
            (part,) = live.ledger.deletes.attributions(client, clock, 1)
            counts["deleted"][next(a.value for a in part.attributes if a.name == "delete")] += 1
    lost: Counter[tuple[str, str]] = Counter()
    for each in losses(before, told(live), live.ledger):
        lost[each.author, each.deleted_by] += each.length
    gone = Counter(stood[one][0] for one in stood.keys() - stands.keys() - halves)
    assert _sums(lost, 1) == counts["deleted"]
    assert _sums(lost, 0) == gone
    names = sorted({name for each in counts.values() for name in each})
    assert counted(before, told(live), live.ledger) == tuple(
        Count(name, counts["inserted"][name], counts["deleted"][name], counts["kept"][name])
        for name in names
    )
