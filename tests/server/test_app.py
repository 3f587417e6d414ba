from pathlib import Path

from starlette.testclient import TestClient

from persistence.store import MemoryStore
from server.app import create_app
from server.settings import Settings
from server.slate import Slate


def test_two_apps_are_two_strangers(settings: Settings) -> None:
    apps = [create_app(settings, MemoryStore()) for _ in range(2)]
    with TestClient(apps[0]) as one, TestClient(apps[1]) as other:
        ids = [
            client.post("/api/v1/session", json={"name": "Ada"}).json()["author"]["id"]
            for client in (one, other)
        ]
        one.get("/nothing")
        assert "not-found" in one.get("/metrics").text
        assert "not-found" not in other.get("/metrics").text
    assert ids[0] != ids[1]


def test_an_app_opens_the_database_of_its_settings(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        assert client.post("/api/v1/session", json={"name": "Ada"}).status_code == 201
    with TestClient(create_app(settings)) as client:
        assert client.post("/api/v1/session", json={"name": "Ada"}).status_code == 409


def test_nothing_is_opened_before_the_app_starts(settings: Settings) -> None:
    create_app(settings)
    assert not Path(settings.data_dir).exists()


def test_replaced_workers_are_counted_however_often_the_lifespan_begins(
    settings: Settings,
) -> None:
    slate = Slate.make()
    slate.seal("stalled", 5.0, unforced=True)
    app = create_app(settings, MemoryStore(), slate)
    for _ in range(2):
        with TestClient(app) as client:
            told = client.get("/metrics").text
            assert 'palimpsest_worker_restarts_total{reason="stalled"} 1.0' in told
            assert 'palimpsest_worker_restarts_total{reason="died"} 0.0' in told
