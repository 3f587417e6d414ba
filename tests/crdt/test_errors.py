"""The tree of refusals: every one has a code of its own and a close code that fits."""

import pytest

from crdt import errors
from crdt.errors import Forbidden, ForeignClient, ReadOnly, Refusal

REFUSALS = [
    thing
    for thing in vars(errors).values()
    if isinstance(thing, type) and issubclass(thing, Refusal)
]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [refusal.code for refusal in REFUSALS]
    assert len(set(codes)) == len(codes) > 10


def test_the_tree_in_the_docstring_names_every_refusal() -> None:
    assert errors.__doc__ is not None
    assert all(refusal.__name__ in errors.__doc__ for refusal in REFUSALS)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_close_code_says_that_trying_again_is_useless(refusal: type[Refusal]) -> None:
    assert refusal.close in {4400, 4403, 4413}


@pytest.mark.parametrize("refusal", [ForeignClient, ReadOnly])
def test_what_a_connection_may_not_do_is_forbidden(refusal: type[Refusal]) -> None:
    assert issubclass(refusal, Forbidden)
    assert refusal.close == 4403


def test_a_reason_is_the_code_and_the_sentence() -> None:
    assert ReadOnly("You are reading.").reason == "read-only: You are reading."
