import pytest
from starlette.testclient import TestClient

from server.headers import POLICY


@pytest.mark.parametrize("address", ["/", "/healthz", "/nothing", "/metrics"])
def test_every_answer_is_kept_in_bounds(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_no_script_from_a_page_itself_is_run() -> None:
    assert "script-src" not in POLICY
    assert "default-src 'self'" in POLICY
