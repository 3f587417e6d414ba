"""What those who run the server ask: is it there, can it work, what has it done."""

from typing import Literal

from anyio import to_thread
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from server.api.endpoint import Answer, Call, Endpoint
from server.api.models import Health, Readiness
from server.refusals import NotReady
from server.state import State


async def _healthy(_call: Call) -> Answer:
    return Answer(200, Health())


async def _ready(call: Call) -> Answer:
    rooms = call.state["rooms"]
    also = f" Besides, {rooms.trouble}." if rooms.trouble else ""
    if not rooms.running:
        raise NotReady(f"Edits cannot be stored just now; please try again.{also}")
    if not rooms.storage.ok:
        raise NotReady(f"{rooms.storage.refusal}{also}")
    await to_thread.run_sync(call.state["store"].articles.list, 1)
    status: Literal["ok", "degraded"] = "degraded" if rooms.trouble else "ok"
    return Answer(200, Readiness(status=status, redis=rooms.trouble))


async def metrics(request: Request[State]) -> Response:
    """Answer with all metrics in Prometheus' text format."""
    return Response(
        request.state["telemetry"].exposition(), headers={"content-type": CONTENT_TYPE_LATEST}
    )


ENDPOINTS = (
    Endpoint("GET", "/healthz", "Tell that the server is there.", _healthy, {200: Health}),
    Endpoint(
        "GET",
        "/readyz",
        "Tell whether the database can be reached and edits can be stored; and whether Redis can.",
        _ready,
        {200: Readiness},
        refusals=(NotReady,),
    ),
)
