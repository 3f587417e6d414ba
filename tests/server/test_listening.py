import socket
import threading

import pytest

from server import listening
from server.listening import listen


def test_connections_are_taken_in_before_anybody_serves() -> None:
    (bound,) = listen("127.0.0.1", 0)
    with bound, socket.create_connection(bound.getsockname(), 5):
        pass


def test_every_address_of_a_host_is_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, 1, 6, "", (f"127.0.0.{n}", 0)) for n in (1, 2, 1)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    bound = listen("somewhere", 0)
    assert [each.getsockname()[0] for each in bound] == ["127.0.0.1", "127.0.0.2"]
    for each in bound:
        each.close()


def test_an_address_in_use_is_an_error_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PATIENCE", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        listen(*taken.getsockname())


def test_a_server_that_is_about_to_be_gone_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PATIENCE", 60.0)
    going = socket.create_server(("127.0.0.1", 0))
    tried = threading.Event()
    monkeypatch.setattr(listening, "sleep", lambda _: tried.set())
    closer = threading.Thread(target=lambda: tried.wait(60) and going.close())
    closer.start()
    (bound,) = listen(*going.getsockname())
    bound.close()
    closer.join()
