from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from persistence.store import MemoryStore

SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def ada(sign_in: SignIn) -> dict[str, str]:
    return sign_in("Ada")


def make(client: TestClient, headers: dict[str, str], slug: str, **more: str) -> None:
    body = {"slug": slug, "title": slug.title(), **more}
    assert client.post("/api/v1/articles", json=body, headers=headers).is_success


def test_an_article_is_a_page(client: TestClient, ada: dict[str, str]) -> None:
    make(client, ada, "maf", text="# Maf <b>\n\nWords.")
    answer = client.get("/articles/maf")
    assert answer.status_code == 200
    assert "Words." in answer.text
    assert "<b>" not in answer.text
    assert "Ada" in answer.text


def test_a_private_article_is_for_those_who_have_signed_in(
    client: TestClient, ada: dict[str, str]
) -> None:
    make(client, ada, "maf", text="Words.", visibility="private")
    answer = client.get("/articles/maf")
    assert (answer.status_code, "Words." in answer.text) == (401, False)
    assert "Maf" not in client.get("/").text
    shown = client.get("/articles/maf", headers=ada)
    assert "Words." in shown.text
    assert shown.headers["cache-control"] == "private, no-cache"
    assert shown.headers["vary"] == "Authorization"


@pytest.mark.parametrize(
    "address",
    [
        *("/articles/none", "/articles/maf?revision=7", "/articles/maf?revision=x"),
        *("/authors/none", "/authors/none?after=1-2", "/articles/maf?author=none"),
        *("/?after=x", "/?q=a&after=9-"),
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(
    client: TestClient, ada: dict[str, str], address: str
) -> None:
    make(client, ada, "maf", text="Words.")
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_a_revision_stays_as_it_was(
    client: TestClient, ada: dict[str, str], store: MemoryStore
) -> None:
    make(client, ada, "maf", text="Words.")
    path = "/api/v1/articles/maf/revisions"
    assert client.post(path, json={"label": "first <i>"}, headers=ada).is_success
    number = store.revisions.list(store.articles.get("maf").id)[0].number
    page = client.get(f"/articles/maf?revision={number}").text
    assert "first &lt;i&gt;" in page
    assert "Words." in page


def test_what_somebody_looked_for_is_shown_as_text(client: TestClient) -> None:
    assert "<script>x" not in client.get("/", params={"q": "<script>x"}).text
