"""What is told of an article's past, and what is brought back, over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from crdt.deleted import passages
from persistence.revisions import Digest, Mark
from persistence.store import MemoryStore
from server.moments import article_at
from tests.support import stores
from tests.support.people import ROOT, Desk, history
from tests.support.writing_past import begun, store_rows

PATH = "/api/v1/articles/bach2"
SignInCall = Callable[..., dict[str, str]]


@pytest.fixture
def table(store: MemoryStore) -> Desk:
    """A history of some people, which is stored."""
    table = history(3)
    store_rows(store, begun(store), table.rows)
    return table


def test_a_moment_is_told_with_the_author_of_each_character(
    client: TestClient, table: Desk
) -> None:
    live, head = table.live, len(table.rows)
    told = client.get(f"{PATH}/at/{head}").json()
    assert (told["seq"], told["text"]) == (head, live.text())
    assert told["spans"] == [span._asdict() for span in live.spans()]
    assert told["authors"].keys() == {span.author for span in live.spans()}
    assert sum(each["characters"] for each in told["authors"].values()) == len(live.text())
    assert told["at"] == f"{stores.after(minutes=head - 1):%Y-%m-%dT%H:%M:%S.%fZ}"


@pytest.mark.usefixtures("table")
def test_the_beginning_is_empty(client: TestClient) -> None:
    empty = {"seq": 0, "at": None, "text": "", "spans": [], "authors": {}}
    assert client.get(f"{PATH}/at/0").json() == empty


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("seq", ["1000", "-1", "x", "1.0", "9999999999"])
def test_a_moment_that_there_is_not_is_not_found(client: TestClient, seq: str) -> None:
    answer = client.get(f"{PATH}/at/{seq}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("what", ["at/0", "deletions", "compare"])
def test_the_past_of_a_private_article_is_for_people_who_have_signed_in(
    client: TestClient, store: MemoryStore, sign_in: SignInCall, what: str
) -> None:
    store.articles.set_visibility("bach2", "private")
    assert client.get(f"{PATH}/{what}").json()["code"] == "token-needed"
    assert client.get(f"{PATH}/{what}", headers=sign_in("Eve")).status_code == 200


@pytest.mark.parametrize("what", ["at/0", "deletions", "compare"])
def test_what_there_is_not_has_no_past(client: TestClient, what: str) -> None:
    assert client.get(f"{PATH}/{what}").json()["code"] == "unknown-article"


def test_deleted_passages_are_told_newest_first_page_by_page(
    client: TestClient, table: Desk, store: MemoryStore
) -> None:
    with article_at(store, ROOT, 1, None) as live:
        expected = sorted(
            passages(live.weave, live.ledger), key=lambda each: (-each.deleted_at_ms, each.place)
        )
    told, after = [], ""
    while after is not None:
        page = client.get(f"{PATH}/deletions?limit=2{after and '&after='}{after}").json()
        assert len(page["deletions"]) <= 2
        assert page["seq"] == len(table.rows)
        for each in page["deletions"]:
            assert page["authors"].keys() >= {each["deleted_by"]}
        told, after = told + page["deletions"], page["next"]
    assert len(told) > 2
    assert [
        (each["text"], each["deleted_by"], tuple(map(tuple, each["ids"]))) for each in told
    ] == [(each.text, each.deleted_by, each.ids) for each in expected]
    assert [each["spans"] for each in told] == [
        [span._asdict() for span in each.spans] for each in expected
    ]
    assert all(each["length"] == len(each["text"]) for each in told)


@pytest.mark.usefixtures("table")
def test_short_passages_can_be_left_out(client: TestClient) -> None:
    told = client.get(f"{PATH}/deletions?least=2").json()["deletions"]
    everything = client.get(f"{PATH}/deletions").json()["deletions"]
    assert [each for each in everything if each["length"] > 1] == told != everything


@pytest.mark.usefixtures("table")
def test_a_place_that_there_is_not_any_more_goes_on_from_there(client: TestClient) -> None:
    assert client.get(f"{PATH}/deletions?after=0-1-1").json()["deletions"] == []
    assert client.get(f"{PATH}/deletions?after=x").json()["code"] == "invalid-request"


def test_a_deleted_passage_is_restored_for_its_writers(
    client: TestClient, table: Desk, sign_in: SignInCall
) -> None:
    passage = client.get(f"{PATH}/deletions").json()["deletions"][0]
    eve, wish = sign_in("Eve"), {"passage": passage["ids"]}
    answer = client.post(f"{PATH}/restore", json=wish, headers=eve)
    assert (answer.status_code, answer.json()) == (201, {"seq": len(table.rows) + 1})
    now = client.get(f"{PATH}/at/{answer.json()['seq']}").json()
    assert len(now["text"]) == len(table.live.text()) + passage["length"]
    assert now["authors"].keys() <= {"ada", "bo", "cy", "di"}
    again = client.post(f"{PATH}/restore", json=wish, headers=eve)
    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-restore")


def test_a_revision_is_restored(
    client: TestClient, table: Desk, store: MemoryStore, sign_in: SignInCall
) -> None:
    seq = len(table.rows) // 2
    store.revisions.add(1, Mark(seq, stores.NOON, "named"), Digest("", (), (), b"\x00"))
    before = client.get(f"{PATH}/at/{seq}").json()
    answer = client.post(f"{PATH}/restore", json={"revision": 1}, headers=sign_in("Eve"))
    after = client.get(f"{PATH}/at/{answer.json()['seq']}").json()
    assert (after["text"], after["spans"]) == (before["text"], before["spans"])
    assert before["text"] != table.live.text()


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"revision": 7}, 404, "unknown-revision"),
        ({"passage": [[5, 0, 1]]}, 404, "unknown-passage"),
        ({"passage": [[5.0, 0.0, 1.0]]}, 404, "unknown-passage"),
        ({"passage": [["5", 0, 1]]}, 422, "invalid-request"),
        ({"revision": 1, "section": "No such"}, 404, "unknown-section"),
        ({"passage": []}, 422, "invalid-request"),
        ({"passage": [[5, 0, 0]]}, 422, "invalid-request"),
        ({}, 422, "invalid-request"),
        ({"revision": 1, "passage": [[5, 0, 1]]}, 422, "invalid-request"),
    ],
)
def test_what_cannot_be_restored_is_refused(
    client: TestClient,
    store: MemoryStore,
    sign_in: SignInCall,
    wish: dict[str, object],
    status: int,
    code: str,
) -> None:
    store.revisions.add(1, Mark(12, stores.NOON, "named"), Digest("", (), (), b"\x00"))
    answer = client.post(f"{PATH}/restore", json=wish, headers=sign_in("Eve"))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.usefixtures("table")
def test_whoever_may_not_write_may_not_restore(client: TestClient) -> None:
    answer = client.post(f"{PATH}/restore", json={"revision": 1})
    assert answer.json()["code"] == "token-needed"


def _applied(text: str, told: dict[str, Any], kind: str) -> str:
    """The text without what stands on its side only."""
    for change in reversed([each for each in told["changes"] if each["kind"] == kind]):
        start, end = change["start"], change["start"] + change["length"]
        assert text[start:end] == change["text"]
        text = text[:start] + text[end:]
    return text


@pytest.mark.parametrize(("first", "last"), [("5", "20"), ("20", "5"), ("r1", "20"), ("5", "r1")])
def test_two_points_are_compared(
    client: TestClient, table: Desk, store: MemoryStore, first: str, last: str
) -> None:
    assert len(table.rows) > 20
    store.revisions.add(1, Mark(12, stores.NOON, "named"), Digest("", (), (), b"\x00"))
    told = client.get(f"{PATH}/compare?from={first}&to={last}").json()
    assert [told["from"], told["to"]] == [
        {"r1": 12}.get(each) or int(each) for each in (first, last)
    ]
    before, after = (
        client.get(f"{PATH}/at/{told[each]}").json()["text"] for each in ("from", "to")
    )
    assert _applied(before, told, "deleted") == _applied(after, told, "inserted")
    assert told["changes"]
    for each in told["changes"]:
        gone = each["kind"] == "deleted" and told["from"] < told["to"]
        assert (each["deleted_by"] in told["authors"]) == (each["deleted_at"] is not None) == gone
        assert each["author"] in told["authors"]


def test_left_out_points_are_the_beginning_and_the_head(client: TestClient, table: Desk) -> None:
    told = client.get(f"{PATH}/compare").json()
    assert (told["from"], told["to"]) == (0, len(table.rows))
    assert "".join(each["text"] for each in told["changes"]) == table.live.text()


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("points", "code"),
    [
        ("from=1000", "not-found"),
        ("to=1000", "not-found"),
        ("from=r7", "unknown-revision"),
        ("from=r", "invalid-request"),
        ("from=1&from=2", "invalid-request"),
    ],
)
def test_points_that_there_are_not_are_refused(client: TestClient, points: str, code: str) -> None:
    assert client.get(f"{PATH}/compare?{points}").json()["code"] == code
