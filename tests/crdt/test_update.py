"""Updates as wholes: what honest replicas write is read, anything else is told apart."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text, merge_updates

from crdt.errors import MalformedUpdate, UpdateTooLarge
from crdt.update import Kind, UpdateLimits, decode_update, encode_update
from tests.support.forging import ANY, Forged, Section, insertion, item, padded, text
from tests.support.wire import string, uint

LIMITS = UpdateLimits()
HOSTILE = json.loads(Path(__file__).with_name("hostile.json").read_text())


def test_the_empty_update_is_two_bytes() -> None:
    assert decode_update(b"\x00\x00", LIMITS) == ((), ())
    assert encode_update((), ()) == b"\x00\x00"


def test_an_update_is_written_as_it_was_read() -> None:
    data = Forged([Section(7, 0, [text("a")])], [(7, 0, 1)]).encode()
    assert encode_update(*decode_update(data, LIMITS)) == data


@pytest.mark.parametrize("extra", [b"\x00", b"\x00\x00", insertion(7, 1, text("b", (7, 0)))])
def test_nothing_may_follow_an_update(extra: bytes) -> None:
    with pytest.raises(MalformedUpdate, match="followed by other bytes"):
        decode_update(insertion(7, 0, text("a")) + extra, LIMITS)


def test_every_beginning_of_an_update_ends_too_early() -> None:
    data = Forged([Section(2**30, 0, [text("ß")])], [(2**30, 0, 1)]).encode()
    for end in range(len(data)):
        with pytest.raises(MalformedUpdate, match="ends too early"):
            decode_update(data[:end], LIMITS)


def test_an_update_beyond_the_size_is_refused_unread() -> None:
    with pytest.raises(UpdateTooLarge, match="larger than 4 bytes"):
        decode_update(b"\xff" * 5, UpdateLimits(size=4))


@pytest.mark.parametrize("extra", [1, 3])
def test_an_update_with_over_long_numbers_is_refused(extra: int) -> None:
    with pytest.raises(MalformedUpdate, match="longer than it needs"):
        decode_update(Forged([Section(7, 0, [text("a")])], number=padded(extra)).encode(), LIMITS)


@pytest.mark.parametrize("structs_only", [True, False])
def test_an_alias_of_a_client_is_refused(structs_only: bool) -> None:  # noqa: FBT001 - a parameter
    alias = 2**53 + 7  # a browser reads it as 8
    sections = [Section(alias, 0, [text("a")])] if structs_only else []
    deleted = [] if structs_only else [(alias, 0, 1)]
    with pytest.raises(MalformedUpdate, match="larger than"):
        decode_update(Forged(sections, deleted).encode(), LIMITS)


def test_a_nesting_bomb_is_refused() -> None:
    bomb = uint(1) + (b"\x75" + uint(1)) * 40_000 + b"\x7e"
    with pytest.raises(MalformedUpdate, match="nested too deep"):
        decode_update(insertion(7, 0, item(ANY, bomb)), LIMITS)


@pytest.mark.parametrize(
    "data",
    [
        uint(2**29),
        b"\x00" + uint(2**29),
        b"\x01" + uint(2**29) + b"\x07\x00",
        b"\x00\x01\x07" + uint(2**29),
        insertion(7, 0, item(ANY, uint(2**29))),
        insertion(7, 0, item(ANY, uint(1) + b"\x75" + uint(2**29))),
        insertion(7, 0, item(ANY, uint(1) + b"\x76" + uint(2**29))),
        insertion(7, 0, item(2, uint(2**29))),
    ],
)
def test_a_count_that_lies_is_refused_at_once(data: bytes) -> None:
    with pytest.raises(UpdateTooLarge):
        decode_update(data, LIMITS)


@pytest.mark.parametrize("content", [string("a")[:1] + b"\xff", b"\x03\xed\xa0\x80"])
def test_text_that_is_not_utf8_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedUpdate, match="not valid UTF-8"):
        decode_update(insertion(7, 0, item(Kind.STRING, content)), LIMITS)


@pytest.mark.parametrize(
    "data",
    [
        "000000000000000000000000",  # Y.encodeStateAsUpdateV2 of an empty document, nearly
        "0000020be90701000000030101000c0907636f6e74656e74610702010101000101000000",
    ],
)
def test_an_update_of_version_2_is_refused(data: str) -> None:
    with pytest.raises(MalformedUpdate):
        decode_update(bytes.fromhex(data), LIMITS)


@pytest.mark.parametrize("case", HOSTILE, ids=[case["name"] for case in HOSTILE])
def test_a_known_attack_is_read_or_refused(case: dict[str, list[str]]) -> None:
    for update in map(bytes.fromhex, case["updates"]):
        try:
            structs, deletions = decode_update(update, LIMITS)
        except MalformedUpdate:
            continue
        again = encode_update(structs, deletions)
        assert encode_update(*decode_update(again, LIMITS)) == again


def test_two_sections_of_one_client_are_refused() -> None:
    with pytest.raises(MalformedUpdate, match="twice"):
        decode_update(bytes.fromhex(HOSTILE[2]["updates"][1]), LIMITS)


edits = st.lists(
    st.tuples(
        st.sampled_from([0, 1]),  # who
        st.sampled_from(["insert", "delete", "format", "meet"]),
        st.integers(0, 40),
        st.sampled_from(["a", "ß", "😀", "words, words"]),
    ),
    max_size=30,
)


def _edit(text_: Text, verb: str, place: int, words: str) -> None:
    written = str(text_)
    start = len(written[:place].encode())
    end = len(written[: place + len(words)].encode())
    if verb == "insert":
        text_.insert(start, words)
    elif verb == "delete":
        del text_[start:end]
    elif verb == "format" and end > start:
        text_.format(start, end, {"bold": len(words) > 1 or None})


@given(edits)
def test_what_yrs_writes_is_read_and_says_the_same_when_written_again(
    history: list[tuple[int, str, int, str]],
) -> None:
    replicas = [Doc(client_id=2**31 + 1), Doc(client_id=5)]
    texts = [replica.get("content", type=Text) for replica in replicas]
    log: list[bytes] = []
    kept = [replica.observe(lambda event: log.append(event.update)) for replica in replicas]
    for who, verb, place, words in history:
        if verb == "meet":
            other = replicas[1 - who]
            other.apply_update(replicas[who].get_update(other.get_state()))
        else:
            _edit(texts[who], verb, place, words)
    for replica, subscription in zip(replicas, kept, strict=True):
        replica.unobserve(subscription)
    log += [replica.get_update() for replica in replicas]
    log.append(merge_updates(*log))
    plain, again = Doc(), Doc()
    for data in log:
        structs, deletions = decode_update(data, LIMITS)
        plain.apply_update(data)
        again.apply_update(encode_update(structs, deletions))
    assert again.get_update() == plain.get_update()


def test_a_keystroke_is_written_as_it_was_read() -> None:
    document = Doc(client_id=3912345678)
    log: list[bytes] = []
    subscription = document.observe(lambda event: log.append(event.update))
    words = document.get("content", type=Text)
    for place, letter in enumerate("typed ßlowly"):
        words.insert(len("typed ßlowly"[:place].encode()), letter)
    document.unobserve(subscription)
    for data in log:
        structs, deletions = decode_update(data, LIMITS)
        assert encode_update(structs, deletions) == data


def test_keystrokes_written_together_are_one_struct() -> None:
    structs = [text("a"), text("b", (7, 0)), text("c", (7, 1))]
    update = decode_update(insertion(7, 0, *structs), LIMITS)
    assert encode_update(update.structs, ()) == insertion(7, 0, text("abc"))
