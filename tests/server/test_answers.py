from starlette.testclient import TestClient

from persistence.errors import LogUnavailable
from persistence.store import MemoryStore


def test_an_unknown_address_is_a_problem(client: TestClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_wrong_method_tells_the_right_ones(client: TestClient) -> None:
    answer = client.delete("/api/v1/articles")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_refusal_is_counted(client: TestClient) -> None:
    client.get("/api/v1/articles/none")
    assert 'palimpsest_refusals_total{code="unknown-article"} 1.0' in client.get("/metrics").text


def test_our_own_mistake_is_a_problem_without_details(
    client: TestClient, store: MemoryStore
) -> None:
    store.articles.get = None  # type: ignore[assignment, method-assign]
    answer = client.get("/api/v1/articles/x")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "NoneType" not in answer.text


def test_a_database_in_trouble_is_to_be_asked_again(client: TestClient, store: MemoryStore) -> None:
    def fail(_slug: str) -> None:
        raise LogUnavailable("the disk is full")

    store.articles.get = fail  # type: ignore[assignment, method-assign]
    answer = client.get("/api/v1/articles/x")
    assert (answer.status_code, answer.json()["code"]) == (503, "storage-unavailable")
    assert "disk" not in answer.text
