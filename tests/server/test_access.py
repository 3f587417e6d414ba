import io
import json
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from server.access import AccessLog
from server.logs import open_log
from server.settings import Settings
from server.telemetry import Telemetry


async def _answer(_request: Request) -> Response:
    return PlainTextResponse("yes")


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def telemetry(stream: io.StringIO) -> Telemetry:
    return Telemetry(open_log(Settings(log_format="json"), stream))


@pytest.fixture
def client(telemetry: Telemetry) -> Iterator[TestClient]:
    app = Starlette(
        routes=[Route("/x/{y}", _answer)], middleware=[Middleware(AccessLog, telemetry)]
    )
    with TestClient(app) as client:
        yield client


def test_a_request_is_one_line(client: TestClient, stream: io.StringIO) -> None:
    client.get("/x/1")
    line = json.loads(stream.getvalue())
    assert (line["method"], line["path"], line["status"]) == ("GET", "/x/1", 200)


def test_a_token_is_never_logged(client: TestClient, stream: io.StringIO) -> None:
    client.get("/x/1?token=verysecret", headers={"authorization": "Bearer verysecret"})
    assert "verysecret" not in stream.getvalue()


def test_requests_are_counted_by_route(client: TestClient, telemetry: Telemetry) -> None:
    client.get("/x/1")
    client.get("/x/2")
    labels = {"method": "GET", "route": "/x/{y}", "status": "200"}
    value = telemetry.registry.get_sample_value("palimpsest_http_requests_total", labels)
    assert value == 2


def test_outside_text_never_becomes_a_label(client: TestClient, telemetry: Telemetry) -> None:
    client.request("BREW", "/coffee")
    labels = {"method": "OTHER", "route": "other", "status": "404"}
    value = telemetry.registry.get_sample_value("palimpsest_http_requests_total", labels)
    assert value == 1
