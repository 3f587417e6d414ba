"""Who may open which socket; every refusal is an HTTP answer with a problem document."""

import json
import time
from collections.abc import Callable
from typing import NoReturn, cast

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from persistence.errors import LogUnavailable
from persistence.store import MemoryStore
from server.admission import Visitor, admit
from server.app import create_app
from server.settings import Settings
from server.state import State
from server.tokens import Tokens
from tests.support import stores

KEY = "a secret that is long enough for tests"

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


def _admitted(client: TestClient, slug: str, token: str = "") -> Visitor:
    scope = {
        "type": "websocket",
        "headers": [],
        "query_string": f"token={token}".encode(),
        "path_params": {"slug": slug},
        "client": ("192.0.2.1", 5000),
    }
    websocket = WebSocket(scope, receive=None, send=None)  # type: ignore[arg-type]
    assert client.portal is not None
    return client.portal.call(admit, websocket, cast("State", client.app_state))


def test_a_private_article_is_for_people_who_have_signed_in(
    client: TestClient, make: Callable[..., str]
) -> None:
    token = make(visibility="private")
    assert _refused(client, "/sync/bach2") == (401, "token-needed")
    assert not _admitted(client, "bach2", token).readonly


def test_a_public_article_is_open_to_readers_without_a_token(
    client: TestClient, make: Callable[..., str]
) -> None:
    make()
    assert _admitted(client, "bach2").readonly


def test_a_visitor_takes_a_seat_until_it_leaves(
    client: TestClient, make: Callable[..., str]
) -> None:
    visitor = _admitted(client, "bach2", make())
    rates = cast("State", client.app_state)["rates"]
    assert len(rates._open) == 2  # of the author, and of the address
    visitor.leave()
    visitor.leave()
    assert not rates._open


def _full(client: TestClient, author: str) -> None:
    """Take the seats of the author and of the test client's address, two of each."""
    rates = cast("State", client.app_state)["rates"]
    for _ in range(2):
        rates.seat_author(rates.seat("testclient"), author)


@pytest.mark.parametrize("limit", ["connections", "connections_per_minute"])
@pytest.mark.parametrize("whose", ["author", "address"])
def test_connections_beyond_a_limit_are_answered_with_429_and_a_time_to_come_back(
    settings: Settings, store: MemoryStore, whose: str, limit: str
) -> None:
    few = settings.model_copy(update={f"{whose}_{limit}": 2})
    ada = stores.begun(store, slug="bach2").created_by
    token = Tokens(few, KEY).issue(ada, "write", time.time())
    with TestClient(create_app(few, store)) as client:
        _full(client, ada)
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            client.websocket_connect(f"/sync/bach2?token={token}"),
        ):
            pass
    assert refused.value.status_code == 429
    assert int(refused.value.headers["retry-after"]) > 0
    assert json.loads(refused.value.content)["code"] == "too-many-connections"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/sync/nowhere", {}),
        ("/sync/bach2?token=bad", {}),
        ("/sync/bach2", {"origin": "https://evil.example"}),
        ("/sync/private?token=", {}),
    ],
)
def test_a_handshake_that_fails_half_way_takes_no_seat(
    client: TestClient,
    store: MemoryStore,
    make: Callable[..., str],
    path: str,
    headers: dict[str, str],
) -> None:
    make()
    stores.begun(store, "private", "bob")
    store.articles.set_visibility("private", "private")
    _refused(client, path, **headers)
    assert not cast("State", client.app_state)["rates"]._open


def test_a_failing_database_takes_no_seat(
    client: TestClient,
    store: MemoryStore,
    make: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = make()

    def fail(_: str) -> NoReturn:
        raise LogUnavailable("gone")

    monkeypatch.setattr(store.authors, "get", fail)
    assert _refused(client, f"/sync/bach2?token={token}")[0] == 503
    assert not cast("State", client.app_state)["rates"]._open
