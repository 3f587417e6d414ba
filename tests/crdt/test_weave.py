"""The weave holds every ID in document order, and takes back what was refused later."""

import random

import pytest

from crdt.deletions import Deletion
from crdt.errors import MissingDependencies, StructureRefused
from crdt.structs import ID, Kind, Struct
from crdt.utf16 import utf16_length
from crdt.weave import Weave
from tests.support.people import deletions_of, history, structs_of


def string(client: int, clock: int, words: str, *origins: ID | None) -> Struct:
    origin, right = (*origins, None, None)[:2]
    length = utf16_length(words)
    return Struct(client, clock, length, Kind.STRING, origin, right, None, None, words)


def woven(*structs: Struct) -> Weave:
    weave = Weave()
    weave.integrate(structs, ())
    return weave


def words(weave: Weave) -> str:
    return "".join(str(block.content) for block in weave if not block.deleted)


def test_a_later_client_stands_right_of_an_earlier_one_at_the_same_place() -> None:
    base, first, second = string(7, 0, "ab"), (1, 0, "x"), (2, 0, "y")
    for each, other in ((first, second), (second, first)):
        weave = woven(base, string(*each, (7, 0), (7, 1)), string(*other, (7, 0), (7, 1)))
        assert words(weave) == "axyb"


def test_what_is_typed_on_stays_one_block() -> None:
    weave = woven(string(7, 0, "a"), string(7, 1, "😀", (7, 0)), string(7, 3, "b", (7, 2)))
    assert [block.content for block in weave] == ["a😀b"]
    assert weave.clocks == {7: 4}


def test_a_right_origin_left_of_its_origin_in_one_block_is_refused() -> None:
    weave = woven(string(7, 0, "abcdef"))
    with pytest.raises(StructureRefused):
        weave.insert(string(8, 0, "x", (7, 4), (7, 2)), 100)
    assert words(weave) == "abcdef"
    assert weave.clocks == {7: 6}


def test_the_latest_may_be_taken_back() -> None:
    weave = woven(string(7, 0, "ab"))
    weave.integrate([string(7, 2, "c", (7, 1)), string(8, 0, "x", (7, 0), (7, 1))], ())
    weave.truncate({7: 2, 8: 0, 9: 0})
    assert words(weave) == "ab"
    assert weave.clocks == {7: 2}


@pytest.mark.parametrize("gone", [Deletion(7, 1, 2), Deletion(8, 0, 1)])
def test_what_is_not_known_cannot_be_deleted(gone: Deletion) -> None:
    with pytest.raises(MissingDependencies):
        woven(string(7, 0, "ab")).isolate(gone)


def test_only_deleted_text_has_deleted_units() -> None:
    weave = woven(string(7, 0, "a😀bc"))
    weave.integrate((), [Deletion(7, 0, 3)])
    assert weave.deleted_units(7, 1, 2) == "😀".encode("utf-16-le")
    assert weave.deleted_units(7, 1, 3) is None


@pytest.mark.parametrize("seed", range(20))
def test_every_order_of_arrival_comes_to_one_order(seed: int) -> None:
    live = history(seed).live
    structs = structs_of(live.weave)
    clients = list({struct.client for struct in structs})
    random.Random(seed).shuffle(clients)
    ordered = [s for client in clients for s in structs if s.client == client]
    weave = Weave()
    weave.integrate(ordered, deletions_of(live.weave))
    assert words(weave) == words(live.weave)
