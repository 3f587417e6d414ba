"""The ledger: who inserted and who deleted what, by the minute."""

import pytest
from pycrdt import ContentAttribute, IdMap

from crdt.attribution import Attribution, Run, credits_of, source_of
from crdt.deletions import Deletion
from crdt.edit import Edit
from crdt.limits import UpdateLimits
from crdt.update import decode_update, encode_update
from tests.support.forging import Forged, Section, insertion, text

AT = 60_000 * 5 + 59_999


def edit(carried: IdMap | None = None) -> Edit:
    data = Forged([Section(7, 0, [text("abc")])], [(9, 4, 2)]).encode()
    update = decode_update(data, UpdateLimits())
    kept_bytes = carried.encode() if carried else None
    return Edit("ada", update.structs, update.deletions, data, kept_bytes)


def kept() -> IdMap:
    said = {"insert": "zoe", "insertAt": 60_000, "carriedBy": "ada", "carriedFrom": "3:10"}
    ids = IdMap()
    ids.insert(7, 1, 1, [ContentAttribute(name, value) for name, value in said.items()])
    return ids


def test_an_edit_is_its_authors_of_the_whole_minute() -> None:
    added = credits_of(edit(), AT)
    assert list(added.runs(7, 0, 3)) == [Run(3, "ada", 300_000, (7, 0))]
    (part,) = added.deletes.attributions(9, 4, 2)
    assert {a.name: a.value for a in part.attributes} == {"delete": "ada", "deleteAt": 300_000}


def test_what_was_carried_is_its_first_authors() -> None:
    added = credits_of(edit(kept()), AT)
    assert list(added.runs(7, 0, 3)) == [
        Run(1, "ada", 300_000, (7, 0)),
        Run(1, "zoe", 60_000, (3, 11)),
        Run(1, "ada", 300_000, (7, 2)),
    ]


def test_all_authors_are_named() -> None:
    assert credits_of(edit(kept()), AT).authors() == {"ada", "zoe"}
    assert Attribution().authors() == set()


def test_what_of_a_set_of_deletions_is_new_is_told() -> None:
    ledger = credits_of(edit(), AT)  # (9, 4) and (9, 5)
    asked = [Deletion(9, 3, 2), Deletion(9, 5, 3), Deletion(8, 0, 1)]
    encoded = encode_update((), asked)[1:]
    assert sorted(ledger.undeleted(encoded)) == [(8, 0, 1), (9, 3, 1), (9, 6, 2)]
    assert ledger.undeleted(encode_update((), [Deletion(9, 4, 2)])[1:]) == []


def test_a_ledger_is_read_as_it_was_written() -> None:
    ledger = credits_of(edit(kept()), AT)
    again = Attribution.unpack(ledger.pack())
    assert list(again.runs(7, 0, 3)) == list(ledger.runs(7, 0, 3))
    assert again.authors() == ledger.authors()


def test_structs_that_do_not_follow_each_other_are_credited_each() -> None:
    first, second = decode_update(insertion(7, 0, text("ab"), text("c", (7, 0))), UpdateLimits())[0]
    others = decode_update(insertion(8, 5, text("d", (7, 0))), UpdateLimits())[0]
    ledger = credits_of(Edit("ada", (first, *others, second), (), b"", None), AT)
    told = [(client, part.start, part.end) for client, part in ledger.inserts.entries()]
    assert sorted(told) == [(7, 0, 3), (8, 5, 6)]


@pytest.mark.parametrize(("shift", "source"), [("3:10", (3, 15)), ("3:-5", (3, 0))])
def test_a_source_is_a_client_and_a_shift(shift: str, source: tuple[int, int]) -> None:
    assert source_of(shift, 5) == source
