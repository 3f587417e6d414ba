"""A client id belongs to one author for ever, from the first edit or presence on."""

import pytest

from crdt.errors import ForeignClient
from crdt.ownership import Ownership


def ownership(**stored: int) -> Ownership:
    return Ownership({client: author for author, client in stored.items()}, most_claims=2)


def test_a_free_id_is_anybodys() -> None:
    free = ownership()
    free.require(1, "ada")
    free.require(1, "bo")
    assert free.owner(1) is None


def test_a_stored_id_is_its_owners_only() -> None:
    owned = ownership(ada=1)
    owned.require(1, "ada")
    with pytest.raises(ForeignClient, match="client id 1"):
        owned.require(1, "bo")


def test_a_claimed_id_is_its_claimants_only() -> None:
    owned = ownership()
    owned.claim(1, "ada")
    assert (owned.owner(1), owned.is_stored(1)) == ("ada", False)
    with pytest.raises(ForeignClient):
        owned.claim(1, "bo")


def test_the_oldest_claim_goes_where_there_are_too_many() -> None:
    owned = ownership()
    for client in (1, 2, 1, 3):
        owned.claim(client, "ada")
    assert owned.owners() == {1: "ada", 3: "ada"}


def test_a_claim_of_a_stored_id_takes_no_room() -> None:
    owned = ownership(ada=1)
    for client in (2, 3, 1):
        owned.claim(client, "ada")
    assert owned.owners() == {1: "ada", 2: "ada", 3: "ada"}


def test_a_first_edit_makes_room_for_another_claim() -> None:
    owned = ownership()
    for client in (1, 2):
        owned.claim(client, "ada")
    owned.store(1, "ada")
    owned.claim(3, "ada")
    assert owned.owners() == {1: "ada", 2: "ada", 3: "ada"}
    assert [owned.is_stored(client) for client in (1, 2)] == [True, False]


def test_what_another_worker_stored_ends_the_claim_of_somebody_else() -> None:
    owned = ownership()
    owned.claim(1, "bo")
    owned.store(1, "ada")
    assert owned.owners() == {1: "ada"}
    with pytest.raises(ForeignClient):
        owned.claim(1, "bo")


def test_what_is_asked_for_is_a_copy() -> None:
    owned = ownership(ada=1)
    owned.owners().clear()
    assert owned.owners() == {1: "ada"}


def test_claims_are_told_apart_from_what_is_stored() -> None:
    owned = ownership(ada=1)
    owned.claim(2, "bo")
    assert owned.claims() == {2: "bo"}
    owned.store(2, "bo")
    assert owned.claims() == {}
