import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.api.description import describe, refusals_of
from server.api.endpoint import Access, Endpoint
from server.api.routes import ENDPOINTS
from server.problems import status_of
from tests.support.rest import Api
from tests.support.serving import Server

PATH = "/api/v1/openapi.json"


def test_the_description_is_served(client: TestClient) -> None:
    answer = client.get(PATH)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == describe(ENDPOINTS)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: f"{e.method} {e.path}")
def test_every_endpoint_is_described(endpoint: Endpoint) -> None:
    operation = describe(ENDPOINTS)["paths"][endpoint.path][endpoint.method.lower()]
    statuses = {*endpoint.answers, *(status_of(refusal) for refusal in refusals_of(endpoint))}
    assert set(operation["responses"]) == {str(status) for status in statuses}
    assert operation["summary"].endswith(".")


def test_operations_have_names_of_their_own() -> None:
    paths = describe(ENDPOINTS)["paths"].values()
    names = [operation["operationId"] for path in paths for operation in path.values()]
    assert len(names) == len(set(names)) == len(ENDPOINTS)


def test_every_reference_leads_somewhere() -> None:
    description = describe(ENDPOINTS)
    schemas = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert set(_references(description)) <= schemas


def test_only_what_needs_a_token_says_so() -> None:
    description = describe(ENDPOINTS)["paths"]
    for endpoint in ENDPOINTS:
        security = description[endpoint.path][endpoint.method.lower()]["security"]
        needed = endpoint.access in {Access.AUTHOR, Access.WRITER}
        assert (security == [{"token": []}]) == needed


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


# What the description says is what happens: schemathesis sends a real server cases, valid and not,
# and holds each answer against the description with all of its checks.


def _faults(server: Server, *more: str) -> str:
    """Give schemathesis' report, empty when every answer was as described."""
    program = Path(sys.executable).parent / "schemathesis"
    # A body may name what is not there, such as a revision, though its article is.
    options = ["--checks", "all", "--exclude-checks", "ensure_resource_availability"]
    options += ["--seed", "1", "--generation-database", "none", "--no-color"]
    run = subprocess.run(
        [program, "run", server.url + PATH, *options, *more],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=server.data_dir,  # where no configuration of ours lies about
    )
    return "" if run.returncode == 0 else (run.stdout + run.stderr)[-5000:]


def test_every_answer_is_as_described(server: Server, api: Api) -> None:
    header = f"Authorization: Bearer {api.somebody('Describer').token}"
    assert not _faults(server, "--header", header, "--max-examples", "8")


@pytest.mark.long
def test_every_answer_is_as_described_for_longer(server: Server, api: Api) -> None:
    header = f"Authorization: Bearer {api.somebody('Describer').token}"
    assert not _faults(server, "--header", header, "--max-examples", "200")


def test_every_answer_to_a_stranger_is_as_described(server: Server, api: Api) -> None:
    assert not _faults(server, "--phases", "fuzzing", "--max-examples", "10")
    assert api.http.get("/readyz").is_success
