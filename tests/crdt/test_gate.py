"""Every rule of the gate: what breaks it is refused by name, and leaves no trace."""

import json
from pathlib import Path

import pytest

from crdt.errors import (
    ForeignClient,
    MalformedUpdate,
    MissingDependencies,
    Refusal,
    StructureRefused,
    TooEntangled,
    UpdateTooLarge,
)
from crdt.gate import Rules
from crdt.limits import UpdateLimits
from crdt.livearticle import LiveArticle
from crdt.structs import Kind
from tests.support.forging import (
    ANY,
    DELETED,
    EMBED,
    GC,
    JSON,
    SKIP,
    STRING,
    Forged,
    Section,
    insertion,
    item,
    mark,
    text,
)
from tests.support.people import ROOT, RULES, everything, live_article
from tests.support.wire import string, uint

ADA, BO, NEW = 7, 9, 11
HOSTILE = json.loads((Path(__file__).parent / "hostile.json").read_text())


def admit(live: LiveArticle, data: bytes, author: str = "bo", rules: Rules = RULES) -> bool:
    edit = live.admit(data, author, 0, rules)
    if edit is not None:
        live.document.apply([edit.payload])
        live.committed([edit])
    return edit is not None


def article() -> LiveArticle:
    """Ada (client 7) wrote "ab😀cd", Bo (client 9) "xyz" behind it."""
    live = live_article()
    admit(live, insertion(ADA, 0, text("ab😀cd")), "ada")
    admit(live, insertion(BO, 0, text("xyz", (ADA, 5))))
    return live


def deletion(*ranges: tuple[int, int, int]) -> bytes:
    return Forged(deleted=ranges).encode()


def sections(*parts: tuple[int, bytes]) -> bytes:
    return Forged([Section(client, 0, [struct]) for client, struct in parts]).encode()


PARENT_SUB = bytes([STRING | 0x20]) + uint(1) + string(ROOT) + string("key") + string("x")
NESTED = bytes([STRING]) + uint(0) + uint(ADA) + uint(0) + string("x")
BARE = uint(1)
REFUSED = {
    "nothing": (MalformedUpdate, b""),
    "a garbage-collected struct": (StructureRefused, insertion(NEW, 0, bytes([GC]) + BARE)),
    "a skip": ((StructureRefused, MalformedUpdate), insertion(NEW, 0, bytes([SKIP]) + BARE)),
    "a list": (StructureRefused, insertion(NEW, 0, item(JSON, BARE + string("1")))),
    "a value": (StructureRefused, insertion(NEW, 0, item(ANY, BARE + b"\x7e"))),
    "bytes": (StructureRefused, insertion(NEW, 0, item(Kind.BINARY, string("x")))),
    "a type": (StructureRefused, insertion(NEW, 0, item(Kind.TYPE, b"\x02"))),
    "a document": (StructureRefused, insertion(NEW, 0, item(Kind.DOC, string("x") + b"\x76\x00"))),
    "another root": (StructureRefused, insertion(NEW, 0, item(STRING, string("x"), root="other"))),
    "a key": (StructureRefused, insertion(NEW, 0, PARENT_SUB)),
    "a place inside an item": (StructureRefused, insertion(NEW, 0, NESTED)),
    "its own origin": (StructureRefused, insertion(NEW, 0, text("x", (NEW, 0)))),
    "its own right origin": (StructureRefused, insertion(NEW, 0, text("x", None, (NEW, 4)))),
    "a foreign client": (ForeignClient, insertion(ADA, 6, text("x", (ADA, 5)))),
    "a gap": (MissingDependencies, insertion(BO, 4, text("x", (BO, 2)))),
    "an unknown origin": (MissingDependencies, insertion(NEW, 0, text("x", (99, 0)))),
    "an origin to come": (MissingDependencies, insertion(NEW, 0, text("x", (ADA, 6)))),
    "an unknown right origin": (MissingDependencies, insertion(NEW, 0, text("x", None, (BO, 3)))),
    "a circle": (
        MissingDependencies,
        sections((NEW, text("x", (12, 0))), (12, text("y", (NEW, 0)))),
    ),
    "a short section": (MissingDependencies, sections((NEW, text("x", (12, 5))), (12, text("y")))),
    "an unknown deletion": (MissingDependencies, deletion((ADA, 5, 2))),
    "a deletion of nobody's": (MissingDependencies, deletion((99, 0, 1))),
    "a pair cut by an origin": (StructureRefused, insertion(NEW, 0, text("x", (ADA, 2)))),
    "a pair cut by a right origin": (
        StructureRefused,
        insertion(NEW, 0, text("x", None, (ADA, 3))),
    ),
    "a pair cut at a deletion's end": (StructureRefused, deletion((ADA, 0, 3))),
    "a pair cut at a deletion's start": (StructureRefused, deletion((ADA, 3, 1))),
    "origins the wrong way round": (
        StructureRefused,
        insertion(NEW, 0, text("x", (BO, 0), (ADA, 0))),
    ),
    "origins the wrong way round in one run": (
        StructureRefused,
        insertion(NEW, 0, text("x", (ADA, 5), (ADA, 1))),
    ),
    "twice the same origin": (StructureRefused, insertion(NEW, 0, text("x", (ADA, 1), (ADA, 1)))),
    "a good start and a bad end": (
        StructureRefused,
        insertion(BO, 3, text("!", (BO, 2)), text("x", (ADA, 2))),
    ),
    "a good insertion and a bad deletion": (
        MissingDependencies,
        Forged([Section(NEW, 0, [text("x", (ADA, 1))])], [(99, 0, 1)]).encode(),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_breaks_a_rule_is_refused_and_leaves_no_trace(what: str) -> None:
    live, (refusal, data) = article(), REFUSED[what]
    before = (everything(live), live.document.diff(b"\x00"), live.clocks())
    with pytest.raises(refusal):
        admit(live, data)
    assert before == (everything(live), live.document.diff(b"\x00"), live.clocks())


@pytest.mark.parametrize("what", REFUSED)
def test_an_honest_edit_passes_after_a_refusal(what: str) -> None:
    live, (_, data) = article(), REFUSED[what]
    with pytest.raises(Refusal):
        admit(live, data)
    assert admit(live, insertion(BO, 3, text("!", (BO, 2))))
    assert admit(live, insertion(NEW, 0, text("?", (BO, 3))))
    assert live.text() == "ab😀cdxyz!?"


def test_an_update_beyond_the_limits_is_too_large() -> None:
    with pytest.raises(UpdateTooLarge):
        admit(article(), deletion((ADA, 0, 1)), rules=Rules(UpdateLimits(size=3), 100))


def test_a_crowd_at_one_spot_is_too_entangled() -> None:
    live = article()
    for client in range(20, 30):
        admit(live, insertion(client, 0, text("x", (ADA, 1), (ADA, 2))))
    before = everything(live)
    with pytest.raises(TooEntangled):
        admit(live, insertion(99, 0, text("y", (ADA, 1), (ADA, 2))), rules=Rules(UpdateLimits(), 5))
    assert everything(live) == before
    assert admit(live, insertion(99, 0, text("y", (ADA, 1), (ADA, 2))))


def test_a_deletion_of_too_many_pieces_is_too_entangled() -> None:
    live = article()
    admit(live, insertion(NEW, 0, text("x", (ADA, 0), (ADA, 1))))
    with pytest.raises(TooEntangled):
        admit(live, deletion((ADA, 0, 6)), rules=Rules(UpdateLimits(), 1))
    assert live.text() == "axb😀cdxyz"


def test_what_is_known_falls_away() -> None:
    live = article()
    edit = live.admit(insertion(ADA, 0, text("ab😀cd!")), "ada", 0, RULES)
    assert edit is not None
    (struct,) = edit.structs
    assert (struct.clock, struct.origin, struct.content) == (6, (ADA, 5), "!")


def test_anybody_may_repeat_what_another_wrote() -> None:
    assert not admit(article(), insertion(ADA, 0, text("ab😀cd")), "bo")


def test_a_known_prefix_is_never_cut_through_a_pair() -> None:
    live = article()
    with pytest.raises(StructureRefused):
        admit(live, insertion(ADA, 0, text("abcde😀")), "ada")


def test_an_update_may_come_in_any_order_of_clients() -> None:
    live = article()
    assert admit(live, sections((NEW, text("2", (12, 0))), (12, text("1", (BO, 2)))))
    assert live.text() == "ab😀cdxyz12"


def test_a_deletion_is_credited_once() -> None:
    live = article()
    first = live.admit(deletion((ADA, 0, 2), (BO, 0, 1)), "bo", 0, RULES)
    second = live.admit(deletion((ADA, 0, 2), (BO, 0, 2)), "ada", 0, RULES)
    assert first is not None
    assert second is not None
    assert first.deletions == ((ADA, 0, 2), (BO, 0, 1))
    assert second.deletions == ((BO, 1, 1),)


def test_a_deletion_over_pieces_is_one_range() -> None:
    live = article()
    admit(live, insertion(NEW, 0, text("x", (ADA, 0), (ADA, 1))))
    edit = live.admit(deletion((ADA, 0, 6)), "bo", 0, RULES)
    assert edit is not None
    assert edit.deletions == ((ADA, 0, 6),)


def test_text_deleted_before_a_first_sync_is_its_authors_deletion() -> None:
    live = article()
    collected = item(DELETED, uint(4), (BO, 2))
    data = Forged([Section(NEW, 0, [collected, text("end", (NEW, 3))])], [(NEW, 0, 4)]).encode()
    edit = live.admit(data, "cy", 0, RULES)
    assert edit is not None
    assert edit.deletions == ((NEW, 0, 4),)
    live.document.apply([edit.payload])
    assert live.text() == "ab😀cdxyzend"


def test_deleted_text_may_be_cut_by_an_origin() -> None:
    live = article()
    admit(live, Forged([Section(NEW, 0, [item(DELETED, uint(4))])], [(NEW, 0, 4)]).encode())
    assert admit(live, insertion(12, 0, text("in", (NEW, 1), (NEW, 2))))
    assert "in" in live.text()


def test_marks_and_embeds_pass() -> None:
    live = article()
    embed = item(EMBED, string('{"image":1}'), (ADA, 1), (ADA, 2))
    assert admit(live, insertion(NEW, 0, mark("bold", 1, None, (ADA, 0)), embed))
    assert live.text() == "ab😀cdxyz"


@pytest.mark.parametrize("case", HOSTILE, ids=[case["name"] for case in HOSTILE])
def test_what_kills_or_hangs_yrs_is_refused(case: dict[str, object]) -> None:
    live = LiveArticle(str(case["root"]), {}, 100)
    words = str(case["base_text"])
    if words:
        admit(live, insertion(1, 0, item(STRING, string(words), root=str(case["root"]))), "ada")
    outcomes = []
    for update in case["updates"]:  # type: ignore[attr-defined]  # a list of hexadecimal strings
        try:
            outcomes.append(admit(live, bytes.fromhex(update)))
        except Refusal as refusal:
            outcomes.append(refusal)
    assert isinstance(outcomes[0], Refusal)
    assert live.text() == words
