"""Who may open which socket; every refusal is an HTTP answer with a problem document."""

import json
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

SignInCall = Callable[..., dict[str, str]]


def _refused(client: TestClient, path: str, **headers: str) -> tuple[int, str]:
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect(path, headers=headers),
    ):
        pass
    assert refused.value.headers["content-type"] == "application/problem+json"
    return refused.value.status_code, json.loads(refused.value.content)["code"]


@pytest.fixture
def make(client: TestClient, sign_in: SignInCall) -> Callable[..., str]:
    def call(slug: str = "bach2", **more: str) -> str:
        headers = sign_in("Ada")
        body = {"slug": slug, "title": slug, **more}
        answer = client.post("/api/v1/articles", json=body, headers=headers)
        assert answer.is_success, answer.text
        return headers["authorization"].removeprefix("Bearer ")

    return call


def test_an_unknown_article_is_not_found(client: TestClient) -> None:
    status, code = _refused(client, "/sync/nowhere")
    assert (status, code) == (404, "unknown-article")


def test_a_bad_token_is_refused(client: TestClient, make: Callable[..., str]) -> None:
    make()
    assert _refused(client, "/sync/bach2?token=bad")[0] == 401


def test_a_page_of_another_origin_is_refused(client: TestClient, make: Callable[..., str]) -> None:
    make()
    refused = _refused(client, "/sync/bach2", origin="https://evil.example")
    assert refused == (403, "wrong-origin")


def test_a_private_article_is_for_people_who_have_signed_in(
    client: TestClient, make: Callable[..., str]
) -> None:
    token = make(visibility="private")
    assert _refused(client, "/sync/bach2") == (401, "token-needed")
    with client.websocket_connect(f"/sync/bach2?token={token}"):
        pass


def test_a_public_article_is_open_to_readers_without_a_token(
    client: TestClient, make: Callable[..., str]
) -> None:
    make()
    with client.websocket_connect("/sync/bach2"):
        pass
