"""From the request to the wire, over real sockets."""

import asyncio
import base64
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.support import serving
from tests.support.rest import Api


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    with serving.running(tmp_path_factory.mktemp("upgrade") / "data") as running:
        yield running


@pytest.fixture
def target(server: serving.Server) -> Iterator[tuple[str, int, str]]:
    api = Api(server.url)
    ada = api.somebody()
    url = urlsplit(api.sync_url(api.make_article(ada), ada))
    assert url.hostname
    assert url.port
    yield url.hostname, url.port, f"{url.path}?{url.query}"
    api.close()


def _request(path: str, **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade"]
    key = base64.b64encode(os.urandom(16)).decode()
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def test_compression_is_not_agreed_on(target: tuple[str, int, str]) -> None:
    host, port, path = target
    reader, writer = await asyncio.open_connection(host, port)
    offer = "permessage-deflate; client_max_window_bits"
    writer.write(_request(path, Sec_WebSocket_Extensions=offer))
    head = await reader.readuntil(b"\r\n\r\n")
    assert b"101" in head
    assert b"deflate" not in head.lower()
    writer.close()


async def test_a_request_that_is_no_handshake_is_answered(target: tuple[str, int, str]) -> None:
    host, port, path = target
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(_request(path).replace(b"Version: 13", b"Version: 7"))
    assert (await reader.readline()).split()[1] == b"400"
    writer.close()
