from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from persistence.errors import LogUnavailable
from persistence.store import MemoryStore
from server.rooms import Rooms


def test_the_server_is_there(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_the_server_can_work(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "redis": None}


def test_a_server_that_hears_late_of_others_can_work_and_says_why(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rooms, "trouble", "Redis does not answer")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "redis": "Redis does not answer"}


def test_what_is_missing_besides_the_database_is_told_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rooms, "trouble", "Redis does not answer")
    client.app_state["rooms"].storage._note("the disk is full")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "(the disk is full)" in answer.json()["detail"]
    assert "Redis does not answer." in answer.json()["detail"]


def test_a_database_that_does_not_answer_is_not_ready(
    client: TestClient, store: MemoryStore
) -> None:
    def fail(_limit: int) -> None:
        raise LogUnavailable

    store.articles.list = fail  # type: ignore[assignment, method-assign]
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_committer_that_has_stopped_is_not_ready(client: TestClient) -> None:
    client.app_state["rooms"] = SimpleNamespace(running=False, trouble=None)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")


def test_a_storage_out_of_order_is_not_ready_and_says_why(client: TestClient) -> None:
    client.app_state["rooms"].storage._note("the disk is full")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert "(the disk is full)" in answer.json()["detail"]
    assert answer.headers["retry-after"]
    assert client.get("/healthz").status_code == 200


def test_metrics_are_in_prometheus_format(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "# HELP palimpsest_members " in answer.text
