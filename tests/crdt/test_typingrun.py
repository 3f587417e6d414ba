"""A typing run says together what its updates say one by one."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Text

from crdt.edit import merge_edits
from crdt.errors import Refusal
from crdt.limits import UpdateLimits
from crdt.livearticle import LiveArticle
from crdt.typingrun import LONGEST, typing_run
from tests.support.forging import Forged, Section, insertion, mark, text
from tests.support.people import ROOT, RULES, everything, history

LIMITS = UpdateLimits()
ME = 200  # a client id that takes two bytes


def typed(
    words: Sequence[str], base: bytes = b"\0\0", at: int = 0, client: int = ME
) -> list[bytes]:
    """What an editor sends: one update for each of the words, side by side from `at` (bytes) on."""
    doc: Doc[Text] = Doc(client_id=client)
    doc.apply_update(base)
    sent: list[bytes] = []
    doc.observe(lambda event: sent.append(event.update))
    content = doc.get(ROOT, type=Text)
    for word in words:
        content.insert(at, word)
        at += len(word.encode())
    return sent


def test_a_run_is_what_an_editor_would_have_sent_at_once() -> None:
    run = typing_run(typed(["a", "b", "é", "😀", "cd"]), LIMITS)
    assert run is not None
    assert (run.length, run.update, run.right_origin) == (5, *typed(["abé😀cd"]), None)


def test_in_front_of_something_it_names_it() -> None:
    base = typed(["hello"], client=7)[0]
    run = typing_run(typed(["a"] * 300, base, 2), LIMITS)
    assert run is not None
    assert (run.length, run.right_origin) == (300, (7, 2))
    assert [run.update] == typed(["a" * 300], base, 2)


def at(clock: int, struct: bytes, client: int = ME) -> bytes:
    return insertion(client, clock, struct)


FIRST = at(0, text("ab"))
OTHERS = {
    "nothing": b"",
    "half an update": at(2, text("c", (ME, 1)))[:5],
    "two clients": Forged(
        [Section(ME, 2, [text("c", (ME, 1))]), Section(7, 0, [text("c", (ME, 1))])]
    ).encode(),
    "two structs": insertion(ME, 2, text("c", (ME, 1)), text("d", (ME, 1))),
    "a deletion": Forged([Section(ME, 2, [text("c", (ME, 1))])], [(ME, 0, 1)]).encode(),
    "a mark": at(2, mark("bold", True, (ME, 1))),
    "a gap": at(4, text("c", (ME, 3))),
    "a repetition": at(1, text("b", (ME, 0))),
    "another client": at(2, text("c", (ME, 1)), 201),
    "another origin": at(2, text("c", (ME, 0))),
    "the origin of another": at(2, text("c", (7, 1))),
    "a right origin": at(2, text("c", (ME, 1), (7, 0))),
    "no content": at(2, text("", (ME, 1))),
    "a long text": at(2, text("c" * 200, (ME, 1))),
    "no text": at(2, text("c", (ME, 1)))[:-2] + b"\xff\x00",
    "half of a text": at(2, text("cd", (ME, 1)))[:-2] + b"\x00",
    "more than a text": at(2, text("c", (ME, 1)))[:-1] + b"x\x00",
    "an endless integer": b"\x01\x01" + b"\xff" * 20,
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_more_or_less_than_going_on_is_in_no_run(what: str) -> None:
    assert typing_run([FIRST, OTHERS[what]], LIMITS) is None
    run = typing_run([FIRST, at(2, text("c", (ME, 1))), OTHERS[what]], LIMITS)
    assert run is not None
    assert run.length == 2


@pytest.mark.parametrize(
    "first",
    [
        at(0, mark("bold", True))[:-1],
        at(1, mark("bold", True, (ME, 0))),
        insertion(ME, 0, text("a"), text("b", (7, 0))),
        Forged([Section(ME, 0, [text("ab")])], [(ME, 0, 1)]).encode(),
        FIRST[:-2] + b"\xff\x00",
    ],
)
def test_what_is_not_one_string_begins_no_run(first: bytes) -> None:
    assert typing_run([first, at(2, text("c", (ME, 1)))], LIMITS) is None


def test_one_update_is_no_run() -> None:
    assert typing_run([FIRST], LIMITS) is None


def test_a_run_has_an_end() -> None:
    run = typing_run(typed(["a"] * (LONGEST + 10)), LIMITS)
    assert run is not None
    assert run.length == LONGEST


def test_no_more_is_looked_at_than_goes_on() -> None:
    updates = iter([*typed(["a"] * 4), b"other", b"not looked at"])
    assert typing_run(updates, LIMITS) is not None
    assert next(updates) == b"not looked at"


def outcome(live: LiveArticle, updates: Sequence[bytes], *, joined: bool) -> list[str]:
    """What becomes of updates that wait together."""
    told: list[str] = []
    made, rest = [], list(updates)
    while rest:
        run = live.joins(rest, LIMITS) if joined else None
        data, length = (run.update, run.length) if run else (rest[0], 1)
        try:
            edit = live.admit(data, "ada", 0, RULES)
        except Refusal as refusal:
            if run:
                data, length = rest[0], 1  # as the intake does: one by one
                joined = False
                continue
            told.append(refusal.reason)
        else:
            told += ["stored"] * length  # at once or with the turn
            made += [edit] if edit else []
        del rest[:length]
    edits = list(merge_edits(made))
    live.document.apply([edit.payload for edit in edits])
    live.committed(edits)
    return told


WORDS = st.lists(st.sampled_from(["a", "b", " ", "é", "😀", "word"]), min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 200), words=WORDS, where=st.floats(0, 1), luck=st.randoms())
def test_joined_or_one_by_one_the_article_is_the_same(
    seed: int, words: list[str], where: float, luck: random.Random
) -> None:
    state = history(seed, 25).live.state()
    owners = {ME: "ada", 7: "bo"}
    one, all_at_once = (LiveArticle(ROOT, owners, 10, state) for _ in range(2))
    characters = one.text()
    begin = len(characters[: int(where * len(characters))].encode())
    updates = typed(words, one.document.diff(b"\0"), begin)
    if luck.random() < 0.5:
        place = luck.randrange(len(updates))
        updates[place] = luck.choice([updates[0], at(0, text("forged")), b"\x07", updates[place]])
    told = outcome(one, updates, joined=False)
    assert outcome(all_at_once, updates, joined=True) == told
    assert everything(all_at_once) == everything(one)
    assert all_at_once.spans() == one.spans()


def test_what_comes_in_front_of_deleted_text_is_not_joined() -> None:
    """Every part of it might be a copy of the deleted text by itself."""
    live = LiveArticle(ROOT, {}, 10)
    live.admit(insertion(7, 0, text("hello")), "ada", 0, RULES)
    updates = [at(0, text("h", None, (7, 0))), at(1, text("e", (ME, 0), (7, 0)))]
    assert live.joins(updates, LIMITS) is not None
    live.admit(Forged(deleted=[(7, 0, 5)]).encode(), "bo", 0, RULES)
    assert live.joins(updates, LIMITS) is None
