"""deploy/: what of it can be tried without containers. The proxy is tried where nginx is."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
import yaml

from server.options import environment_name
from server.settings import Settings
from tests.support import postgres, serving
from tests.support.replica import join
from tests.support.rest import Api

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
NGINX = shutil.which("nginx")
SERVERS = [name for name in COMPOSE["services"] if name.startswith("server-")]
PASSWORDS = {"POSTGRES_PASSWORD": "abc", "REDIS_PASSWORD": "def", "PALIMPSEST_ALLOWED_ORIGINS": ""}


def _told(text: str) -> str:
    """Put the values in as compose does."""
    return re.sub(r"\$\{(\w+):[?-]\}", lambda found: PASSWORDS[found[1]], text)


def _environment(name: str) -> dict[str, str]:
    told = COMPOSE["services"][name]["environment"]
    return {variable: _told(value) for variable, value in told.items()}


def test_there_are_two_servers_of_one_image() -> None:
    assert len(SERVERS) == 2
    one, other = (COMPOSE["services"][name] for name in SERVERS)
    assert one == other


@pytest.mark.parametrize("name", SERVERS)
def test_what_the_servers_are_given_are_settings(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _environment(name)
    image = dict(re.findall(r"\b(PALIMPSEST_\w+)=(\S+)", CONTAINERFILE))
    assert set(told) | set(image) <= {environment_name(name) for name in Settings.model_fields}
    for variable, value in (image | told).items():
        monkeypatch.setenv(variable, value)
    settings = Settings()
    assert settings.database == "postgresql://palimpsest:abc@postgres/palimpsest"
    assert settings.redis_url == "redis://:def@redis:6379"
    assert settings.host == "0.0.0.0"


@pytest.mark.parametrize("name", SERVERS)
def test_the_servers_are_started_as_the_tests_start_theirs(name: str) -> None:
    image = json.loads(re.findall(r"^CMD (.+)$", CONTAINERFILE, re.MULTILINE)[0])
    assert COMPOSE["services"][name]["command"] == image == [serving.PROGRAM.name, "serve"]


def test_the_time_to_stop_is_enough() -> None:
    grace = COMPOSE["x-server"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > Settings().farewell_seconds + 2 * 3


def test_what_the_image_copies_is_what_the_wheel_needs() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" in lines
    assert {"crdt", "persistence", "server", "client_demo", "Makefile", ".ci"} <= let_in
    assert all((ROOT / name).exists() for name in let_in)


def test_the_proxy_knows_every_server() -> None:
    named = re.findall(r"^\s+server (\S+):8000", (DEPLOY / "nginx.conf").read_text(), re.MULTILINE)
    assert named == SERVERS


@contextmanager
def _proxied(folder: Path, urls: list[str]) -> Iterator[str]:
    """Run the proxy as it is configured in front of these servers; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = (DEPLOY / "nginx.conf").read_text().replace("listen 8080", f"listen 127.0.0.1:{port}")
    for name, url in zip(SERVERS, urls, strict=True):
        text = text.replace(f"{name}:8000", url.removeprefix("http://"))
    own = f"pid {folder}/pid; error_log {folder}/errors; daemon off;\n"
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"    {each}_temp_path {folder}/{each};\n" for each in paths)
    text = text.replace("http {\n", f"http {{\n    access_log off;\n{temporary}", 1)
    (folder / "nginx.conf").write_text(own + text)
    assert NGINX is not None
    command = [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    try:
        _await(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _await(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            continue
        return


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
async def test_behind_the_proxy_a_server_may_go_and_nobody_is_refused(tmp_path: Path) -> None:
    with ExitStack() as stack:
        database = stack.enter_context(postgres.running())
        url = database.url(database.new_database())
        chosen: dict[str, Any] = {"database_url": url, "trusted_proxies": "127.0.0.1"}
        servers = [
            stack.enter_context(serving.running(tmp_path / name, **chosen)) for name in SERVERS
        ]
        proxy = stack.enter_context(_proxied(tmp_path, [server.url for server in servers]))
        api = Api(proxy)
        stack.callback(api.close)
        ada = api.somebody()
        slug = api.make_article(ada)
        assert api.http.get("/metrics").status_code == 403
        async with join(api.sync_url(slug, ada)) as one, join(api.sync_url(slug, ada)) as other:
            one.append("Through the proxy. ")
            await other.until(lambda: other.text == one.text)
            servers[0].stop()
            answers = {httpx2.get(f"{proxy}/readyz").status_code for _ in range(20)}
            assert answers == {200}
            gone = [each for each in (one, other) if each.closed]
            with anyio.fail_after(60):
                async with join(api.sync_url(slug, ada), doc=one.doc) as back:
                    assert back.text == "Through the proxy. "
                    assert len(gone) <= 1
