"""What is told of an article's past, and what is brought back, over HTTP."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from persistence.store import MemoryStore
from tests.support.people import Desk, history
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
    assert told["at"] == "2026-03-14T12:00:00.123456Z"


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
@pytest.mark.parametrize("what", ["at/0"])
def test_the_past_of_a_private_article_is_for_people_who_have_signed_in(
    client: TestClient, store: MemoryStore, sign_in: SignInCall, what: str
) -> None:
    store.articles.set_visibility("bach2", "private")
    assert client.get(f"{PATH}/{what}").json()["code"] == "token-needed"
    assert client.get(f"{PATH}/{what}", headers=sign_in("Eve")).status_code == 200


@pytest.mark.parametrize("what", ["at/0"])
def test_what_there_is_not_has_no_past(client: TestClient, what: str) -> None:
    assert client.get(f"{PATH}/{what}").json()["code"] == "unknown-article"
