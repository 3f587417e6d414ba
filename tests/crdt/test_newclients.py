"""How many client ids are new is asked before they come in; a refusal leaves no trace."""

from typing import NoReturn

import pytest

from crdt.errors import MissingDependencies, Refusal
from crdt.livearticle import LiveArticle
from tests.support.forging import Forged, Section, insertion, text
from tests.support.people import RULES, live_article


def _admit(live: LiveArticle, data: bytes, told: list[int]) -> None:
    edit = live.admit(data, "ada", 0, RULES, told.append)
    if edit is not None:
        live.document.apply([edit.payload])


def _refuse(_clients: int) -> NoReturn:
    raise Refusal("Too many.")


def _brought(*clients: int) -> bytes:
    return Forged([Section(client, 0, [text("x")]) for client in clients]).encode()


def test_only_client_ids_that_are_new_here_are_counted() -> None:
    live, told = live_article(), list[int]()
    _admit(live, _brought(7, 9, 11), told)
    _admit(live, _brought(7, 9, 11, 13), told)
    _admit(live, insertion(7, 1, text("y", (7, 0))), told)
    _admit(live, Forged(deleted=[(7, 0, 1)]).encode(), told)
    assert told == [3, 1]


def test_what_has_to_wait_is_counted_when_it_comes_in() -> None:
    live, told = live_article(), list[int]()
    with pytest.raises(MissingDependencies):
        _admit(live, insertion(9, 0, text("y", (7, 0))), told)
    assert told == []


def test_a_refusal_leaves_no_trace() -> None:
    live = live_article()
    _admit(live, _brought(7), [])
    before = live.clocks()
    with pytest.raises(Refusal):
        live.admit(_brought(9, 11), "ada", 0, RULES, _refuse)
    assert live.clocks() == before
    _admit(live, _brought(9, 11), [])
    assert set(live.clocks()) == {7, 9, 11}
