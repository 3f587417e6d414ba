import inspect

import pytest

from crdt.errors import Refusal
from persistence import errors

REFUSALS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, Refusal) and kind is not Refusal
]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in REFUSALS]
    assert len(codes) == 6
    assert len(set(codes) | {Refusal.code}) == 7


@pytest.mark.parametrize("kind", REFUSALS)
def test_trying_a_refused_thing_again_is_useless(kind: type[Refusal]) -> None:
    assert 4400 <= kind.close <= 4499


def test_a_moved_head_names_its_articles() -> None:
    moved = errors.HeadMoved([3, 1, 3])
    assert moved.articles == {1, 3}
    assert str(moved) == "other writers were first in articles [1, 3]"
