"""Presence: stamped by the server, shown by its owner, gone with its connection."""

import json
from typing import Any

import pytest

from crdt.awareness import GONE, Awareness, PresenceLimits, Showing
from crdt.errors import PresenceRefused
from crdt.messages import Entry, encode_presence
from crdt.ownership import Ownership

LIMITS = PresenceLimits(clients=2, size=100)


def room(stored: dict[int, str] | None = None) -> Awareness:
    return Awareness(Ownership(stored or {}, most_claims=10), LIMITS)


def member(author: str) -> Showing:
    return Showing(author, {"name": author.title()})


def entry(client: int, clock: int, **state: Any) -> Entry:
    return Entry(client, clock, json.dumps(state))


def shown(awareness: Awareness) -> dict[int, Any]:
    return {client: json.loads(state) for client, _, state in awareness.everybody()}


def test_a_presence_is_stamped_with_its_author() -> None:
    awareness = room()
    (told,) = awareness.receive(member("ada"), [entry(1, 1, cursor=5, user={"name": "Bo"})])
    assert (told.client, told.clock) == (1, 1)
    assert json.loads(told.state) == {"cursor": 5, "user": {"name": "Ada"}}
    assert awareness.everybody() == [told]


def test_a_presence_claims_its_client_id() -> None:
    owned = Ownership({}, most_claims=10)
    Awareness(owned, LIMITS).receive(member("ada"), [entry(1, 1)])
    assert owned.owners() == {1: "ada"}


def test_a_presence_under_a_foreign_id_falls_away() -> None:
    awareness = room({1: "ada"})
    assert awareness.receive(member("bo"), [entry(1, 1), entry(2, 1)])[0].client == 2
    assert shown(awareness).keys() == {2}


def test_an_old_or_repeated_presence_falls_away() -> None:
    awareness, ada = room(), member("ada")
    awareness.receive(ada, [entry(1, 5, cursor=1)])
    assert awareness.receive(ada, [entry(1, 5, cursor=2), entry(1, 4, cursor=3)]) == []
    assert shown(awareness)[1]["cursor"] == 1


def test_a_newer_presence_takes_its_place() -> None:
    awareness, ada = room(), member("ada")
    awareness.receive(ada, [entry(1, 5, cursor=1)])
    assert len(awareness.receive(ada, [entry(1, 6, cursor=2)])) == 1
    assert shown(awareness)[1]["cursor"] == 2


def test_who_shows_a_presence_may_take_it_back() -> None:
    awareness, ada = room(), member("ada")
    awareness.receive(ada, [entry(1, 1)])
    assert awareness.receive(ada, [Entry(1, 2, GONE)]) == [Entry(1, 2, GONE)]
    assert awareness.everybody() == []
    assert awareness.leave(ada) == []


@pytest.mark.parametrize("author", ["ada", "bo"])
def test_nobody_else_may_take_it_back(author: str) -> None:
    awareness = room()
    awareness.receive(member("ada"), [entry(1, 1)])
    assert awareness.receive(member(author), [Entry(1, 2, GONE)]) == []
    assert shown(awareness).keys() == {1}


def test_what_is_not_shown_cannot_be_taken_back() -> None:
    assert room().receive(member("ada"), [Entry(1, 2, GONE)]) == []


def test_a_presence_goes_with_its_connection() -> None:
    awareness, ada = room(), member("ada")
    awareness.receive(ada, [entry(1, 4), entry(2, 5)])
    awareness.receive(member("bo"), [entry(3, 1)])
    assert awareness.leave(ada) == [Entry(1, 4, GONE), Entry(2, 5, GONE)]
    assert shown(awareness).keys() == {3}


def test_a_presence_that_came_back_on_a_new_connection_outlives_the_old_one() -> None:
    awareness, old, new = room(), member("ada"), member("ada")
    awareness.receive(old, [entry(1, 1)])
    assert awareness.receive(new, [entry(1, 2)])
    assert awareness.leave(old) == []
    assert shown(awareness).keys() == {1}
    assert awareness.leave(new) == [Entry(1, 2, GONE)]


def test_the_echo_of_another_tab_takes_nothing_over() -> None:
    awareness, tab, other = room(), member("ada"), member("ada")
    told = awareness.receive(tab, [entry(1, 1)])
    assert awareness.receive(other, told) == []
    assert awareness.leave(other) == []
    assert shown(awareness).keys() == {1}


def test_a_connection_shows_a_number_of_clients_at_once() -> None:
    awareness, ada = room(), member("ada")
    assert len(awareness.receive(ada, [entry(client, 1) for client in (1, 2, 3)])) == 2
    assert len(awareness.receive(ada, [entry(1, 2)])) == 1
    awareness.receive(ada, [Entry(1, 3, GONE)])
    assert len(awareness.receive(ada, [entry(3, 1)])) == 1


def test_a_presence_has_a_largest_size() -> None:
    awareness, ada = room(), member("ada")
    largest = json.dumps({"a": "x" * 91})
    assert len(largest) == 100
    assert awareness.receive(ada, [Entry(1, 1, largest)])
    with pytest.raises(PresenceRefused, match="100 bytes"):
        awareness.receive(ada, [Entry(1, 2, largest.replace("x", "ß"))])


@pytest.mark.parametrize(
    "state",
    [
        "",
        "{",
        "[]",
        "1",
        '"text"',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        "[" * 99,
        '{"a": ' + "1" * 92,
    ],
)
def test_what_a_browser_could_not_read_is_refused(state: str) -> None:
    with pytest.raises(PresenceRefused):
        room().receive(member("ada"), [Entry(1, 1, state)])


@pytest.mark.parametrize("depth", [*range(900, 1000, 3), 10_000])
def test_no_depth_does_more_than_be_refused(depth: int) -> None:
    awareness = Awareness(Ownership({}, 10), PresenceLimits(clients=2, size=100_000))
    state = '{"a":' + "[" * depth + "]" * depth + "}"
    try:
        awareness.receive(member("ada"), [Entry(1, 1, state)])
    except PresenceRefused:
        assert awareness.everybody() == []


def test_of_a_message_with_a_refused_presence_nothing_is_taken_in() -> None:
    awareness, ada = room(), member("ada")
    with pytest.raises(PresenceRefused):
        awareness.receive(ada, [entry(1, 1), Entry(2, 1, "[]")])
    assert awareness.everybody() == []


def test_half_a_surrogate_pair_reaches_everybody_as_it_was_written() -> None:
    told = room().receive(member("ada"), [Entry(1, 1, '{"a": "\\ud800"}')])
    assert b"\\ud800" in encode_presence(told)


def test_what_another_process_received_is_shown_as_it_was_stamped() -> None:
    awareness, there = room(), Showing("ada", {})
    stamped = entry(1, 4, cursor=5, user={"name": "Ada"})
    assert awareness.relay(there, [stamped]) == [stamped]
    assert awareness.relay(there, [stamped]) == []
    assert awareness.shown(1) == stamped
    assert awareness.leave(there) == [Entry(1, 4, GONE)]


def test_claims_go_along_to_another_value_of_the_ownership() -> None:
    awareness = room()
    awareness.receive(member("ada"), [entry(1, 1), entry(2, 1)])
    newer = Ownership({2: "ada"}, most_claims=10)
    awareness.rely_on(newer)
    assert newer.claims() == {1: "ada"}
    assert awareness.receive(member("bo"), [entry(1, 2)]) == []
    assert newer.owner(3) is None
    awareness.receive(member("bo"), [entry(3, 1)])
    assert newer.owner(3) == "bo"
