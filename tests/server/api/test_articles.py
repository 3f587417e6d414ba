import time
from collections.abc import Callable
from typing import NoReturn

import pytest
from starlette.testclient import TestClient

from persistence.errors import LogUnavailable
from persistence.store import MemoryStore
from server.settings import Settings
from server.tokens import Tokens
from tests.server.conftest import KEY

PATH = "/api/v1/articles"
SignInCall = Callable[..., dict[str, str]]


@pytest.fixture
def ada(sign_in: SignInCall) -> dict[str, str]:
    return sign_in("Ada")


def _make(client: TestClient, headers: dict[str, str], slug: str, **more: str) -> None:
    body = {"slug": slug, "title": slug.title(), **more}
    answer = client.post(PATH, json=body, headers=headers)
    assert answer.status_code == 201, answer.text


def test_a_new_article_tells_about_itself(client: TestClient, ada: dict[str, str]) -> None:
    answer = client.post(PATH, json={"slug": "bach2", "title": " The  gene "}, headers=ada)
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/articles/bach2"
    told = answer.json()
    assert (told["slug"], told["title"], told["seq"]) == ("bach2", "The gene", 0)
    assert told["created_by"]["name"] == "Ada"
    assert client.get(answer.headers["location"]).json() == told


def test_text_is_stored_as_the_callers_writing(client: TestClient, ada: dict[str, str]) -> None:
    _make(client, ada, "x", text="a \U0001f98a\n")
    told = client.get(f"{PATH}/x/spans").json()
    (author,) = told["authors"]
    assert told["text"] == "a \U0001f98a\n"
    assert told["spans"] == [{"start": 0, "length": 4, "author": author}]
    assert told["authors"][author].keys() == {"name", "colour", "characters"}
    assert told["authors"][author]["characters"] == 4
    assert told["seq"] == client.get(f"{PATH}/x").json()["seq"] == 1


def test_an_empty_article_has_no_spans(client: TestClient, ada: dict[str, str]) -> None:
    _make(client, ada, "x")
    assert client.get(f"{PATH}/x/spans").json() == {
        "seq": 0,
        "text": "",
        "spans": [],
        "authors": {},
    }


def test_a_slug_is_given_once(client: TestClient, ada: dict[str, str]) -> None:
    _make(client, ada, "x")
    answer = client.post(PATH, json={"slug": "x", "title": "x"}, headers=ada)
    assert (answer.status_code, answer.json()["code"]) == (409, "slug-taken")


@pytest.fixture
def half_made(
    client: TestClient, store: MemoryStore, ada: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The wish for an article that was made, and whose text could not be stored."""
    wish = {"slug": "x", "title": "The gene", "text": "First words."}

    def fails(*_: object) -> NoReturn:
        raise LogUnavailable("the disk", "the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store.log, "append", fails)
        assert client.post(PATH, json=wish, headers=ada).status_code == 503
        patch.undo()
        while client.get("/readyz").status_code != 200:
            pass
    return wish


def test_who_tries_again_has_what_could_not_be_stored_before(
    client: TestClient, ada: dict[str, str], half_made: dict[str, str]
) -> None:
    assert client.post(PATH, json=half_made, headers=ada).status_code == 201
    assert client.get(f"{PATH}/x/spans").json()["text"] == "First words."
    assert client.post(PATH, json=half_made, headers=ada).status_code == 409
    assert client.get(f"{PATH}/x/spans").json()["text"] == "First words."


@pytest.mark.parametrize("other", [{"title": "Another"}, {"visibility": "private"}, {"text": ""}])
def test_another_wish_does_not_go_on_with_it(
    client: TestClient, ada: dict[str, str], half_made: dict[str, str], other: dict[str, str]
) -> None:
    assert client.post(PATH, json=half_made | other, headers=ada).status_code == 409


def test_nobody_else_goes_on_with_it(
    client: TestClient, sign_in: SignInCall, half_made: dict[str, str]
) -> None:
    assert client.post(PATH, json=half_made, headers=sign_in("Bob")).status_code == 409


@pytest.mark.parametrize(
    "slug", ["", "A", "a b", "a_b", "-a", "a-", "a--b", "a/b", "\u00e4", "a" * 81]
)
def test_a_bad_slug_is_refused(client: TestClient, ada: dict[str, str], slug: str) -> None:
    answer = client.post(PATH, json={"slug": slug, "title": "x"}, headers=ada)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


@pytest.mark.parametrize("title", ["", " ", "a" * 201, "a\nb"])
def test_a_bad_title_is_refused(client: TestClient, ada: dict[str, str], title: str) -> None:
    answer = client.post(PATH, json={"slug": "x", "title": title}, headers=ada)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/title")


def test_text_has_no_null_character(client: TestClient, ada: dict[str, str]) -> None:
    answer = client.post(PATH, json={"slug": "x", "title": "x", "text": "a\x00"}, headers=ada)
    assert answer.status_code == 422


def test_making_an_article_needs_a_token(client: TestClient) -> None:
    answer = client.post(PATH, json={"slug": "x", "title": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token-needed")


def test_a_token_for_reading_makes_nothing(
    client: TestClient, settings: Settings, store: MemoryStore, ada: dict[str, str]
) -> None:
    author = client.get("/api/v1/session", headers=ada).json()["author"]["id"]
    token = Tokens(settings, KEY).issue(author, "read", time.time())
    headers = {"authorization": f"Bearer {token}"}
    answer = client.post(PATH, json={"slug": "x", "title": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "read-only")
    assert not store.articles.list()


@pytest.mark.parametrize("path", ["none", "none/spans", "%00", "a%2Fb"])
def test_an_unknown_article_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"{PATH}/{path}").status_code == 404


def test_a_private_article_needs_a_token(client: TestClient, ada: dict[str, str]) -> None:
    _make(client, ada, "x", visibility="private", text="secret")
    for path in (f"{PATH}/x", f"{PATH}/x/spans"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-needed")
        assert client.get(path, headers=ada).is_success


def test_a_private_article_is_listed_only_with_a_token(
    client: TestClient, ada: dict[str, str]
) -> None:
    _make(client, ada, "x", visibility="private")
    assert client.get(PATH).json()["articles"] == []
    assert [a["slug"] for a in client.get(PATH, headers=ada).json()["articles"]] == ["x"]


def test_a_bad_token_is_refused_where_none_is_needed(client: TestClient) -> None:
    assert client.get(PATH, headers={"authorization": "Bearer x"}).status_code == 401


def test_a_listing_comes_in_pages(client: TestClient, ada: dict[str, str]) -> None:
    for number in range(5):
        _make(client, ada, f"x{number}")
    seen: list[str] = []
    query = "?limit=2"
    while True:
        page = client.get(PATH + query).json()
        seen += [article["slug"] for article in page["articles"]]
        if page["next"] is None:
            break
        query = f"?limit=2&after={page['next']}"
    assert seen == ["x4", "x3", "x2", "x1", "x0"]


def test_a_page_that_is_just_full_is_the_last(client: TestClient, ada: dict[str, str]) -> None:
    _make(client, ada, "x")
    assert client.get(f"{PATH}?limit=1").json()["next"] is None
