from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from server.pages import page_routes


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>the demo</title>")
    (tmp_path / "manifest.json").write_text('{"src/reading/main.ts": {"file": "assets/r.js"}}')
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "index-1a2b.js").write_text("0")
    return tmp_path


@pytest.fixture
def client(static: Path) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=page_routes(static))) as client:
        yield client


@pytest.mark.parametrize(
    "address", ["/sign-in", "/new", "/articles/bach2/write", "/articles/not-there-yet/history"]
)
def test_where_one_writes_is_the_demos_page(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert "the demo" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


def test_files_beside_the_page_are_served(client: TestClient) -> None:
    assert client.get("/favicon.svg").headers["content-type"] == "image/svg+xml"


def test_assets_may_be_kept_for_ever(client: TestClient) -> None:
    assert "immutable" in client.get("/assets/index-1a2b.js").headers["cache-control"]


@pytest.mark.parametrize(
    "address",
    [
        "/assets/none.js",
        "/assets/../../secret",
        "/assets/%2e%2e/%2e%2e/secret",
        "/other",
        "/manifest.json",
    ],
)
def test_there_is_nothing_else(client: TestClient, static: Path, address: str) -> None:
    (static.parent / "secret").write_text("secret")
    assert client.get(address).status_code == 404


def test_a_missing_demo_is_told(tmp_path: Path) -> None:
    with TestClient(Starlette(routes=page_routes(tmp_path / "none"))) as client:
        answer = client.get("/articles/bach2/write")
    assert answer.status_code == 503
    assert "make run" in answer.text
