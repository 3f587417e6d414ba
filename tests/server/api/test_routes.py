import pytest
from starlette.testclient import TestClient

from server.api.routes import ENDPOINTS, api_routes


def test_there_is_one_route_for_each_path() -> None:
    paths = [route.path for route in api_routes()]
    assert len(paths) == len(set(paths))
    assert {endpoint.path for endpoint in ENDPOINTS} < set(paths)


@pytest.mark.parametrize(
    "path", ["/healthz", "/api/v1/articles", "/metrics", "/api/v1/openapi.json"]
)
def test_the_head_of_an_answer_can_be_asked_for(client: TestClient, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path", ["/api/v1/session", "/api/v1/articles", "/api/v1/articles/x", "/healthz"]
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_a_method_that_there_is_not_is_refused(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    allowed = {endpoint.method for endpoint in ENDPOINTS if endpoint.path in {path, _pattern(path)}}
    assert set(answer.headers["allow"].split(", ")) == allowed | {"HEAD"}


def _pattern(path: str) -> str:
    return path.replace("articles/x", "articles/{slug}")
