"""A restored article decides as one that never ended."""

import random
from collections.abc import Callable, Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.deletions import Deletion
from crdt.edit import Edit
from crdt.errors import Refusal
from crdt.livearticle import LiveArticle
from crdt.state import State
from crdt.structs import ID, Kind, Struct
from crdt.update import encode_update
from tests.support.people import ROOT, RULES, Desk, everything, history, live_article, woven

played = cache(history)
NEW = 3  # a client id that nobody has


def replayed(rows: Sequence[tuple[int, Edit]]) -> LiveArticle:
    live = live_article()
    for row in rows:
        live.replay([row])
    return live


def restored(live: LiveArticle, packed: Callable[[State], State]) -> LiveArticle:
    return LiveArticle(ROOT, live.ownership.owners(), 100, packed(live.state()))


def through_a_checkpoint(state: State) -> State:
    again = State.unpack(state.seq, state.pack(), state.attribution)
    assert again is not None
    return again


def decided(live: LiveArticle, data: bytes, author: str, at_ms: int) -> object:
    """What becomes of an update: the edit, or the refusal."""
    try:
        edit = live.admit(data, author, at_ms, RULES)
    except Refusal as refusal:
        return refusal.reason
    if edit is not None:
        live.document.apply([edit.payload])
        live.committed([edit])
    return edit


def forged(chance: random.Random, live: LiveArticle) -> bytes:
    """Something that is well formed, and may or may not be honest."""
    clocks = live.clocks()
    client = chance.choice([*clocks, NEW])

    def some() -> ID | None:
        other = chance.choice([None, *clocks])
        return other and (other, chance.randrange(clocks[other] + 1))

    clock = max(0, clocks.get(client, 0) + chance.choice([-2, -1, 0, 0, 0, 0, 1]))
    origin, right = some(), some()
    parent = None if origin or right else ROOT
    text = chance.choice(["a", "xy", "hello", "😀"])
    struct = Struct(
        *(client, clock, len(text.encode("utf-16-le")) // 2, Kind.STRING),
        *(origin, right, parent, None, text),
    )
    gone = (some() for _ in range(chance.randrange(3)))
    deletions = [Deletion(*name, chance.randrange(1, 5)) for name in gone if name]
    return encode_update([struct] if chance.random() < 0.8 else [], deletions)


def updates(
    table: Desk, start: int, live: LiveArticle, chance: random.Random
) -> list[tuple[bytes, str]]:
    """The rest of a history, and lies; most of it twice."""
    rest = [(edit.payload, edit.author) for _, edit in table.rows[start:]]
    lies = [(forged(chance, live), chance.choice(["ada", "bo", "eve"])) for _ in range(40)]
    return [*chance.sample(lies, 10), *rest, *lies]


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 400), cut=st.integers(0, 40), at=st.integers(0, 40), luck=st.randoms())
def test_a_restored_article_decides_as_one_that_never_ended(
    seed: int, cut: int, at: int, luck: random.Random
) -> None:
    table = played(seed)
    kept = restored(replayed(table.rows[:at]), through_a_checkpoint)
    kept.replay(table.rows[at : at + cut])  # rows after the checkpoint wait until all is prepared
    plain = replayed(table.rows[: at + cut])
    assert kept.text() == plain.text()
    for number, (data, author) in enumerate(updates(table, at + cut, plain, luck)):
        verdicts = [decided(live, data, author, number * 60_000) for live in (plain, kept)]
        assert verdicts[0] == verdicts[1]
    assert everything(kept) == everything(plain)
    assert kept.spans() == plain.spans()


def test_an_article_can_be_read_before_it_is_prepared() -> None:
    live = played(3).live
    again = restored(live, through_a_checkpoint)
    assert not again.ready
    assert (again.text(), again.head, again.document.diff(b"\x00")) == (
        live.text(),
        live.head,
        live.state().update,
    )
    assert again.ledger.authors() == live.ledger.authors()
    assert not again.ready


def test_preparing_comes_to_an_end() -> None:
    again = restored(played(3).live, through_a_checkpoint)
    steps = 1
    while not again.prepare():
        steps += 1
    assert steps > 2
    assert again.ready
    assert again.prepare()


def test_whatever_needs_the_weave_prepares_it() -> None:
    live = played(3).live
    asks: list[Callable[[LiveArticle], object]] = [
        LiveArticle.spans,
        LiveArticle.clocks,
        LiveArticle.state,
        lambda live: decided(live, encode_update((), ()), "ada", 0),
    ]
    for ask in asks:
        again = restored(live, through_a_checkpoint)
        ask(again)
        assert again.ready


@pytest.mark.parametrize("seed", range(10))
def test_an_update_alone_makes_the_weave_without_deleted_text(seed: int) -> None:
    """The screening process has no more than that."""
    live = played(seed).live
    state = live.state()
    bare = LiveArticle(ROOT, {}, 100, State(0, state.update, state.attribution))
    assert bare.ready
    assert woven(bare)[1] == woven(live)[1]
