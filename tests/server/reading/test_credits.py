from crdt.stretches import Stretch
from server.reading.credits import Credits, Firsts


def stretch(clock: int, text: str, author: str = "ada", client: int = 1) -> Stretch:
    units = len(text.encode("utf-16-le")) // 2
    return Stretch(client, clock, units, text, author, 60_000, (client, clock), None, None)


def test_text_is_there_since_the_first_revision_that_knew_its_ids() -> None:
    credit = Credits([stretch(0, "abcdef")], Firsts([(1, {1: 2}), (2, {1: 2}), (3, {1: 4})]))
    assert [(length, credit.told[n].since) for length, n in credit.runs(0, 6)] == [
        *((2, 1), (2, 3), (2, None)),
    ]


def test_lengths_are_code_points_and_ids_are_units() -> None:
    credit = Credits([stretch(0, "a🙂b🙂")], Firsts([(1, {1: 3})]))
    assert [length for length, _ in credit.runs(0, 4)] == [2, 2]
    assert credit.characters == {"ada": 4}


def test_carried_text_is_there_since_its_source_was() -> None:
    copy = stretch(0, "old", client=9)._replace(source=(1, 5), carried_by="bob", carried_at_ms=1)
    credit = Credits([copy], Firsts([(1, {1: 8}), (2, {1: 8, 9: 3})]))
    assert credit.told == [("ada", 60_000, "bob", 1, 1)]


def test_neighbours_of_one_credit_are_one_run() -> None:
    credit = Credits([stretch(0, "ab"), stretch(7, "cd"), stretch(9, "e", "bob")], Firsts([]))
    assert [length for length, _ in credit.runs(1, 4)] == [3, 1]
