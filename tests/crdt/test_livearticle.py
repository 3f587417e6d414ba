"""Weave, document, ledger and ownership stay of one mind through random histories."""

import gc
from functools import cache

import pytest
from pycrdt import Doc, Text

from crdt.block import Block
from crdt.edit import Edit
from crdt.errors import ForeignClient, ForkedClient, MissingDependencies, Refusal
from crdt.livearticle import LiveArticle
from crdt.state import EMPTY, State
from crdt.structs import Kind
from crdt.weave import Weave
from tests.support.forging import Forged, insertion, text
from tests.support.people import (
    MINUTE,
    ROOT,
    RULES,
    Desk,
    desk,
    everything,
    history,
    live_article,
    said,
)

SEEDS = range(60)
played = cache(history)


def replayed(table: Desk, chunk: int, state: State = EMPTY) -> LiveArticle:
    live = LiveArticle(ROOT, {}, 100, state)
    rows = table.rows[state.seq :]
    for start in range(0, len(rows), chunk):
        live.replay(rows[start : start + chunk])
    return live


@pytest.mark.parametrize("seed", SEEDS)
def test_weave_and_document_and_every_replica_have_one_text(seed: int) -> None:
    table = played(seed)
    words = [b.content for b in table.live.weave if b.kind == Kind.STRING and not b.deleted]
    assert "".join(map(str, words)) == table.live.text()
    assert {str(person.text) for person in table.people} == {table.live.text()}


@pytest.mark.parametrize("seed", SEEDS)
def test_spans_cover_the_text(seed: int) -> None:
    live = played(seed).live
    ends = [0, *(span.start + span.length for span in live.spans())]
    assert [span.start for span in live.spans()] == ends[:-1]
    assert ends[-1] == len(live.text())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_state_makes_an_equal_article(seed: int) -> None:
    live = played(seed).live
    again = LiveArticle(ROOT, live.ownership.owners(), 100, live.state())
    assert everything(again) == everything(live)
    assert again.spans() == live.spans()
    assert again.clocks() == live.clocks()
    assert again.state().weave == live.state().weave


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("chunk", [1, 7])
def test_the_log_makes_an_equal_article(seed: int, chunk: int) -> None:
    table = played(seed)
    again = replayed(table, chunk)
    assert everything(again) == everything(table.live)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_never_waits_for_another(seed: int) -> None:
    doc: Doc[Text] = Doc()
    words = doc.get(ROOT, type=Text)
    for _, edit in played(seed).rows:
        before = doc.get_update()
        doc.apply_update(edit.payload)
        assert doc.get_update() != before
    assert str(words) == played(seed).live.text()


def test_a_state_in_the_middle_and_the_rest_of_the_log_make_an_equal_article() -> None:
    table = played(3)
    middle = LiveArticle(ROOT, {}, 100)
    middle.replay(table.rows[:10])
    assert said(replayed(table, 5, middle.state())) == said(table.live)


def test_what_was_known_is_no_edit() -> None:
    live, data = live_article(), insertion(7, 0, text("abc"))
    assert isinstance(live.admit(data, "ada", 0, RULES), Edit)
    assert live.admit(data, "bo", 0, RULES) is None


def test_owners_are_claimed_with_the_first_edit_only() -> None:
    live = live_article()
    first = live.admit(insertion(7, 0, text("abc")), "ada", 0, RULES)
    assert first is not None
    assert live.claims([first]) == {7: "ada"}
    live.document.apply([first.payload])
    live.committed([first])
    assert (live.head, live.claims([first])) == (1, {})
    with pytest.raises(ForeignClient):
        live.admit(insertion(7, 3, text("x", (7, 2))), "bo", 0, RULES)


def test_a_refusal_leaves_the_article_as_it_was() -> None:
    table = desk("ada", "bo")
    table.people[0].insert(0, "hello 😀")
    table.share()
    before = everything(table.live)
    with pytest.raises(Refusal):
        table.live.admit(insertion(100, 8, text("x", (100, 6))), "ada", MINUTE, RULES)
    assert everything(table.live) == before


def _in_memory() -> int:
    return sum(isinstance(each, Block | Weave | LiveArticle) for each in gc.get_objects())


@pytest.mark.parametrize("ready", [False, True])
def test_a_closed_article_leaves_memory_without_the_garbage_collectors_help(*, ready: bool) -> None:
    state = played(1).live.state()
    gc.collect()
    gc.disable()
    try:
        before = _in_memory()
        live = LiveArticle(ROOT, {}, 100, state)
        live.prepare()
        live.prepare()
        assert _in_memory() > before + 10
        while ready and not live.prepare():
            pass
        live.close()
        del live
        assert _in_memory() == before
    finally:
        gc.enable()


@pytest.mark.parametrize("seed", range(6))
def test_an_article_knows_what_it_holds(seed: int) -> None:
    live = played(seed).live
    assert live.knows(live.document.diff(b"\0"), RULES.limits)
    assert live.knows(EMPTY.update, RULES.limits)


def test_an_article_does_not_know_an_insertion_or_a_deletion_that_is_new() -> None:
    live = live_article()
    client: Doc[Text] = Doc()
    content = client.get(ROOT, type=Text)
    content += "words"
    assert not live.knows(client.get_update(), RULES.limits)
    assert live.admit(client.get_update(), "ada", 0, RULES) is not None
    assert live.knows(client.get_update(), RULES.limits)
    del content[1:3]
    assert not live.knows(client.get_update(), RULES.limits)
    content += "!"
    assert not live.knows(client.get_update(), RULES.limits)


@pytest.mark.parametrize(
    ("data", "needed"),
    [
        (insertion(7, 5, text("x", (7, 4))), (7, 4)),
        (insertion(8, 0, text("x", (7, 9))), (7, 9)),
        (Forged(deleted=[(7, 1, 4)]).encode(), (7, 4)),
    ],
)
def test_what_misses_something_says_what_it_is(data: bytes, needed: tuple[int, int]) -> None:
    live = live_article()
    live.admit(insertion(7, 0, text("abc")), "ada", 0, RULES)
    with pytest.raises(MissingDependencies) as refused:
        live.admit(data, "ada", 0, RULES)
    assert refused.value.needed == needed
    assert not live.has(needed)
    assert live.has((7, 2))


def _stored(live: LiveArticle, data: bytes) -> None:
    edit = live.admit(data, "ada", MINUTE, RULES)
    assert edit is not None
    live.document.apply([edit.payload])


def test_the_same_text_again_under_its_ids_is_known() -> None:
    live = LiveArticle(ROOT, {}, 100)
    _stored(live, insertion(1, 0, text("abc")))
    assert live.admit(insertion(1, 0, text("abc")), "ada", MINUTE, RULES) is None
    _stored(live, insertion(1, 0, text("abcd")))
    assert live.text() == "abcd"


@pytest.mark.parametrize("other", ["abX", "abXd", "X"])
def test_other_text_under_known_ids_is_told_and_changes_nothing(other: str) -> None:
    live = LiveArticle(ROOT, {}, 100)
    _stored(live, insertion(1, 0, text("abc")))
    with pytest.raises(ForkedClient):
        live.admit(insertion(1, 0, text(other)), "ada", MINUTE, RULES)
    assert (live.text(), live.clocks()) == ("abc", {1: 3})


def test_what_was_deleted_meanwhile_may_be_repeated_in_any_form() -> None:
    live = LiveArticle(ROOT, {}, 100)
    _stored(live, insertion(1, 0, text("abc")))
    _stored(live, Forged((), [(1, 0, 3)]).encode())
    assert live.admit(insertion(1, 0, text("abc")), "ada", MINUTE, RULES) is None


def test_long_repetitions_are_let_pass() -> None:
    live = LiveArticle(ROOT, {}, 100)
    letters = [text("x")] + [text("x", (1, clock)) for clock in range(99)]
    _stored(live, insertion(1, 0, *letters))
    assert live.admit(insertion(1, 0, *letters), "ada", MINUTE, RULES) is None
