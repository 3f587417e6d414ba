"""An app of its own for each test, over a store in memory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from persistence.store import MemoryStore
from server.app import create_app
from server.colours import Palette
from server.newcomers import Newcomers
from server.settings import Settings

KEY = "a secret that is long enough for tests"
SignInCall = Callable[..., dict[str, str]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data", secret_key=KEY, sample_article=False, log_level="error"
    )


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def newcomers(store: MemoryStore) -> Newcomers:
    return Newcomers(store.authors, Palette(0))


@pytest.fixture
def client(settings: Settings, store: MemoryStore) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def sign_in(client: TestClient) -> SignInCall:
    """Sign somebody in by name and return their headers."""

    def call(name: str, **more: str) -> dict[str, str]:
        answer = client.post("/api/v1/session", json={"name": name, **more})
        assert answer.is_success, answer.text
        return {"authorization": f"Bearer {answer.json()['token']}"}

    return call
