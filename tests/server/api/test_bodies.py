from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from persistence.store import MemoryStore
from server.app import create_app
from server.settings import Settings

PATH = "/api/v1/session"
JSON = {"content-type": "application/json"}


def _code(client: TestClient, content: bytes | str, headers: dict[str, str] = JSON) -> str:
    answer = client.post(PATH, content=content, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


@pytest.fixture
def small(settings: Settings, store: MemoryStore) -> Iterator[TestClient]:
    app = create_app(settings.model_copy(update={"max_body_bytes": 100}), store)
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b'{"name": "\xff"}', b"[" * 100_000, rb'{"name": "\ud800"}']
)
def test_what_is_not_json_is_refused(client: TestClient, body: bytes) -> None:
    assert _code(client, body) == "malformed-json"


@pytest.mark.parametrize(
    "body",
    ["[]", "null", '"Ada"', "{}", '{"name": 5}', '{"name": null}', '{"name": "Ada", "more": 1}'],
)
def test_what_is_not_as_documented_is_refused(client: TestClient, body: str) -> None:
    assert _code(client, body) == "invalid-request"


@pytest.mark.parametrize("media_type", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_a_form_of_another_page_is_refused(client: TestClient, media_type: str) -> None:
    assert (
        _code(client, '{"name": "Ada"}', {"content-type": media_type}) == "unsupported-media-type"
    )


def test_the_charset_of_the_media_type_does_not_matter(client: TestClient) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}
    assert client.post(PATH, content='{"name": "Ada"}', headers=headers).status_code == 201


def test_a_body_that_says_it_is_too_large_is_not_read(small: TestClient) -> None:
    assert _code(small, b" " * 101) == "body-too-large"


def test_a_body_that_does_not_say_so_is_read_to_the_limit(small: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b" " * 50

    answer = small.post(PATH, content=(next(endless()) for _ in range(3)), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=", "limit=1&limit=2", "after=x", "after=", "more=1"],
)
def test_a_query_that_is_not_as_documented_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/articles?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert answer.json()["errors"]
