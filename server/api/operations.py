"""What those who run the server ask: is it there, can it work, what has it done."""

from anyio import to_thread
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from server.api.endpoint import Answer, Call, Endpoint
from server.api.models import Health
from server.refusals import NotReady
from server.state import State


async def _healthy(_call: Call) -> Answer:
    return Answer(200, Health())


async def _ready(call: Call) -> Answer:
    rooms = call.state["rooms"]
    if not rooms.running:
        raise NotReady("Edits cannot be stored just now; please try again.")
    if not rooms.storage.ok:
        raise NotReady(str(rooms.storage.refusal))
    await to_thread.run_sync(call.state["store"].articles.list, 1)
    return Answer(200, Health())


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
        "Tell whether the database can be reached and edits can be stored.",
        _ready,
        {200: Health},
        refusals=(NotReady,),
    ),
)
