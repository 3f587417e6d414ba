"""What is told of revisions, and making one with a name, over HTTP."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from persistence.store import MemoryStore
from server.digest import Wish, revise
from tests.support.people import ROOT, Desk, history
from tests.support.writing_past import begun, store_rows

PATH = "/api/v1/articles/bach2/revisions"
SignInCall = Callable[..., dict[str, str]]


@pytest.fixture
def table(store: MemoryStore) -> Desk:
    """A history of some people, which is stored with two revisions."""
    table = history(3)
    article = begun(store)
    store_rows(store, article, table.rows)
    head = len(table.rows)
    revise(store, ROOT, article.id, head // 2, Wish("quiet"), None)
    revise(store, ROOT, article.id, head, Wish("left"), None)
    return table


def test_revisions_are_listed_the_newest_first(client: TestClient, table: Desk) -> None:
    told = client.get(PATH).json()
    assert told["next"] is None
    assert [(each["number"], each["seq"], each["reason"]) for each in told["revisions"]] == [
        (2, len(table.rows), "left"),
        (1, len(table.rows) // 2, "quiet"),
    ]
    (newest, _) = told["revisions"]
    assert (newest["label"], newest["note"], newest["made_by"], newest["doubt"]) == (
        "",
        "",
        None,
        None,
    )
    stands = sum(each["inserted"] + each["kept"] for each in newest["authors"])
    assert stands == len(table.live.text())
    assert {each["name"] for each in newest["authors"]} <= {"Ada", "Bo", "Cy", "Di"}


def test_an_article_without_revisions_has_an_empty_list(
    client: TestClient, store: MemoryStore
) -> None:
    begun(store)
    assert client.get(PATH).json() == {"revisions": [], "next": None}


@pytest.mark.usefixtures("table")
def test_a_long_list_comes_in_parts(client: TestClient) -> None:
    first = client.get(PATH, params={"limit": 1}).json()
    assert [each["number"] for each in first["revisions"]] == [2]
    rest = client.get(PATH, params={"limit": 1, "after": first["next"]}).json()
    assert [each["number"] for each in rest["revisions"]] == [1]
    assert rest["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "after=x", "limit=1&limit=2", "what=1"])
@pytest.mark.usefixtures("table")
def test_a_listing_that_makes_no_sense_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"{PATH}?{query}").json()["code"] == "invalid-request"


def test_a_revision_has_text_and_the_author_of_each_character(
    client: TestClient, table: Desk
) -> None:
    told = client.get(f"{PATH}/2").json()
    assert (told["seq"], told["text"]) == (len(table.rows), table.live.text())
    assert told["spans"] == [span._asdict() for span in table.live.spans()]
    assert told["authors"].keys() == {span.author for span in table.live.spans()}
    assert told["revision"]["number"] == 2


def test_its_text_comes_alone_as_markdown(client: TestClient, table: Desk) -> None:
    answer = client.get(f"{PATH}/2", headers={"accept": "text/markdown"})
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text == table.live.text()


@pytest.mark.usefixtures("table")
def test_people_are_led_to_its_page(client: TestClient) -> None:
    answer = client.get(f"{PATH}/2", headers={"accept": "text/html"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/articles/bach2?revision=2"
    assert answer.headers["vary"] == "accept"
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("accept", ["application/json", "text/markdown", "text/html"])
@pytest.mark.parametrize(
    ("number", "code"), [("3", "unknown-revision"), ("0", "unknown-revision"), ("x", "not-found")]
)
def test_a_revision_that_there_is_not_is_not_found(
    client: TestClient, number: str, code: str, accept: str
) -> None:
    answer = client.get(f"{PATH}/{number}", headers={"accept": accept}, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize("what", ["", "/1"])
def test_what_there_is_not_has_no_revisions(client: TestClient, what: str) -> None:
    assert client.get(PATH + what).json()["code"] == "unknown-article"


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("what", ["", "/1"])
def test_those_of_a_private_article_are_for_people_who_have_signed_in(
    client: TestClient, store: MemoryStore, sign_in: SignInCall, what: str
) -> None:
    store.articles.set_visibility("bach2", "private")
    assert client.get(PATH + what).json()["code"] == "token-needed"
    assert client.get(PATH + what, headers=sign_in("Eve")).status_code == 200


def test_somebody_gives_a_name_to_what_is_there(
    client: TestClient, table: Desk, sign_in: SignInCall
) -> None:
    wish = {"label": " First  draft ", "note": "for Bo:\nplease read"}
    answer = client.post(PATH, json=wish, headers=sign_in("Eve"))
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{PATH}/3"
    told = answer.json()
    assert (told["number"], told["seq"], told["reason"]) == (3, len(table.rows), "named")
    assert (told["label"], told["note"]) == ("First draft", "for Bo:\nplease read")
    assert told["made_by"]["name"] == "Eve"
    assert told["doubt"] is None
    assert client.get(f"{PATH}/3").json()["text"] == table.live.text()
    assert client.get(PATH).json()["revisions"][0] == told


@pytest.mark.usefixtures("table")
def test_somebody_gives_a_name_to_what_was_there(client: TestClient, sign_in: SignInCall) -> None:
    told = client.post(PATH, json={"label": "Early", "seq": 3}, headers=sign_in("Eve")).json()
    assert (told["number"], told["seq"]) == (3, 3)
    at = client.get("/api/v1/articles/bach2/at/3").json()
    named = client.get(f"{PATH}/3").json()
    assert (named["text"], named["spans"]) == (at["text"], at["spans"])


@pytest.mark.usefixtures("table")
def test_what_has_not_happened_has_no_name(client: TestClient, sign_in: SignInCall) -> None:
    answer = client.post(PATH, json={"label": "Later", "seq": 99_999}, headers=sign_in("Eve"))
    assert (answer.status_code, answer.json()["code"]) == (409, "not-yet")


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"label": ""},
        {"label": "\u202e"},
        {"label": "x" * 201},
        {"label": "x", "note": "x" * 2_001},
        {"label": "x", "note": "\0"},
        {"label": "x", "seq": -1},
        {"label": "x", "seq": "1"},
        {"label": "x", "by": "ada"},
    ],
)
def test_a_name_that_makes_no_sense_is_refused(
    client: TestClient, sign_in: SignInCall, wish: dict[str, object]
) -> None:
    answer = client.post(PATH, json=wish, headers=sign_in("Eve"))
    assert answer.json()["code"] == "invalid-request"


@pytest.mark.usefixtures("table")
def test_without_a_token_nobody_gives_a_name(client: TestClient) -> None:
    assert client.post(PATH, json={"label": "x"}).json()["code"] == "token-needed"
