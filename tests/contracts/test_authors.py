"""The promises of persistence.authors.Authors."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC

import pytest

from persistence.authors import Author
from persistence.errors import NameTaken, UnknownAuthor
from persistence.store import Store
from tests.support.stores import NOON, known

ADA = Author(
    id="k3x9a0b1c2d4",
    handle="ada lovelace",
    name="Ada Lovelace 🌿",
    colour="#336699",
    created=NOON,
    orcid="0000-0002-1825-0097",
    passphrase_hash="$argon2id$v=19$made-up",
    subject="https://idp.example/ada",
)
BOB = Author("b0b", "bob", "Bob", "#993366", NOON)


def test_an_author_is_read_as_it_was_stored(store: Store) -> None:
    assert store.authors.create(ADA) == ADA
    assert store.authors.get(ADA.id) == ADA
    assert store.authors.get(ADA.id).created.tzinfo is UTC


def test_an_author_needs_no_more_than_a_name(store: Store) -> None:
    store.authors.create(BOB)
    assert store.authors.get("b0b") == BOB


def test_a_bot_is_told_from_a_person(store: Store) -> None:
    store.authors.create(replace(BOB, kind="bot"))
    assert store.authors.get("b0b").kind == "bot"


def test_an_author_is_found_by_handle_and_by_subject(store: Store) -> None:
    store.authors.create(ADA)
    store.authors.create(BOB)
    assert store.authors.by_handle("ada lovelace") == ADA
    assert store.authors.by_subject("https://idp.example/ada") == ADA


def test_who_is_unknown_is_refused(store: Store) -> None:
    store.authors.create(BOB)
    for find in (store.authors.get, store.authors.by_handle, store.authors.by_subject):
        with pytest.raises(UnknownAuthor, match="eve"):
            find("eve")


@pytest.mark.parametrize("shared", ["id", "handle", "orcid", "subject"])
def test_what_only_one_may_have_is_taken_once(store: Store, shared: str) -> None:
    store.authors.create(ADA)
    with pytest.raises(NameTaken, match="Bob"):
        store.authors.create(replace(BOB, **{shared: getattr(ADA, shared)}))
    assert store.authors.many([ADA.id, BOB.id]) == {ADA.id: ADA}


def test_many_may_be_without_orcid_and_subject(store: Store) -> None:
    store.authors.create(BOB)
    store.authors.create(replace(BOB, id="rob", handle="rob"))
    assert set(store.authors.many(["b0b", "rob"])) == {"b0b", "rob"}


def test_of_many_the_unknown_are_left_out(store: Store) -> None:
    ada, bob, _ = known(store, "ada", "bob", "carol")
    assert store.authors.many(["bob", "eve", "ada", "bob"]) == {"ada": ada, "bob": bob}
    assert store.authors.many([]) == {}


def test_a_passphrase_can_change(store: Store) -> None:
    store.authors.create(ADA)
    assert store.authors.set_passphrase(ADA.id, "$new") == replace(ADA, passphrase_hash="$new")
    assert store.authors.get(ADA.id).passphrase_hash == "$new"


def test_nobody_has_no_passphrase_to_change(store: Store) -> None:
    with pytest.raises(UnknownAuthor):
        store.authors.set_passphrase("eve", "$new")


def test_a_colour_can_change(store: Store) -> None:
    known(store, "ada", "bob")
    assert store.authors.set_colour("ada", "#010203").colour == "#010203"
    assert store.authors.get("ada").colour == "#010203"
    assert store.authors.get("bob").colour == "#336699"


def test_nobody_has_no_colour_to_change(store: Store) -> None:
    with pytest.raises(UnknownAuthor):
        store.authors.set_colour("eve", "#010203")


def test_of_many_who_want_one_name_at_once_one_gets_it(store: Store) -> None:
    def sign_in(number: int) -> bool:
        try:
            store.authors.create(replace(BOB, id=f"bob-{number}"))
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(sign_in, range(8))) == 1
