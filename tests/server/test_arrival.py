from crdt.attribution import Attribution
from persistence.log import Entry
from server.arrival import arrivals_of, credited
from tests.support.forging import insertion, text
from tests.support.stores import NOON


def _entry(seq: int, author: str) -> Entry:
    return Entry(7, seq, author, NOON, insertion(seq, 0, text("abc")), None)


def test_a_row_arrives_with_its_seq_and_time() -> None:
    [arrival] = arrivals_of([_entry(3, "ada")])
    assert (arrival.seq, arrival.edit.author) == (3, "ada")
    assert arrival.at_ms == int(NOON.timestamp() * 1000)


def test_each_row_is_credited_to_its_author() -> None:
    added = credited(arrivals_of([_entry(3, "ada"), _entry(4, "bob")]))
    assert isinstance(added, Attribution)
    assert [run.author for client in (3, 4) for run in added.runs(client, 0, 3)] == ["ada", "bob"]
