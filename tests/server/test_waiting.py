import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient, WebSocketDenialResponse

from persistence.errors import LogUnavailable
from server.logs import silent
from server.waiting import Waiting
from tests.support.live import until


@dataclass
class Start:
    """What happens at each attempt to start; and an app that tells its state."""

    errors: list[Exception] = field(default_factory=list)
    attempts: int = 0
    ended: int = 0

    def app(self) -> Starlette:
        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, Any]]:
            self.attempts += 1
            if self.errors:
                raise self.errors.pop(0)
            yield {"word": "furnished"}
            self.ended += 1

        async def tell(request: Request) -> PlainTextResponse:
            return PlainTextResponse(request.state.word)

        return Starlette(routes=[Route("/", tell)], lifespan=lifespan)


def gone(times: int = 1) -> list[Exception]:
    return [LogUnavailable("the database is in trouble: no route")] * times


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


async def _for_ever(_seconds: float) -> None:
    await asyncio.Future()


def test_with_its_database_it_is_the_app() -> None:
    start = Start()
    with TestClient(Waiting(start.app(), silent())) as client:
        assert client.get("/").text == "furnished"
    assert (start.attempts, start.ended) == (1, 1)


def test_without_it_says_why_and_when_to_come_back() -> None:
    start = Start(gone())
    with TestClient(Waiting(start.app(), silent(), _for_ever)) as client:
        for path in ("/", "/readyz", "/api/v1/articles"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
            assert "(the database does not answer)" in answer.json()["detail"]
            assert answer.headers["retry-after"]
        assert client.get("/healthz").json() == {"status": "ok"}
        with pytest.raises(WebSocketDenialResponse) as denied, client.websocket_connect("/sync/x"):
            pass
        assert denied.value.status_code == 503
    assert (start.attempts, start.ended) == (1, 0)


def test_it_begins_when_the_database_is_there() -> None:
    start = Start(gone(3))
    waiting = Waiting(start.app(), silent(), _at_once)
    with TestClient(waiting) as client:
        client.portal.call(until, lambda: waiting._why is None)
        assert client.get("/").text == "furnished"
    assert (start.attempts, start.ended) == (4, 1)


def test_another_mistake_is_not_waited_for() -> None:
    start = Start([RuntimeError("ours")])
    with (
        pytest.raises(RuntimeError, match="ours"),
        TestClient(Waiting(start.app(), silent(), _at_once)),
    ):
        pass


def test_another_mistake_while_it_waits_does_not_end_the_waiting() -> None:
    start = Start([*gone(), RuntimeError("ours")])
    waiting = Waiting(start.app(), silent(), _at_once)
    with TestClient(waiting) as client:
        client.portal.call(until, lambda: waiting._why is None)
        assert client.get("/").text == "furnished"
