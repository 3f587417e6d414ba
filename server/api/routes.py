"""The routes of the HTTP interface, one for each path."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.api import articles, authors, history, operations, past, revisions, session
from server.api.description import describe
from server.api.endpoint import Endpoint
from server.state import State

ENDPOINTS = (
    *session.ENDPOINTS,
    *articles.ENDPOINTS,
    *revisions.ENDPOINTS,
    *authors.ENDPOINTS,
    *history.ENDPOINTS,
    *past.ENDPOINTS,
    *operations.ENDPOINTS,
)
DESCRIPTION = "/api/v1/openapi.json"
METRICS = "/metrics"


def api_routes() -> list[Route]:
    """Make the routes anew for an app."""
    return [
        *(_route(path, methods) for path, methods in _by_path(ENDPOINTS).items()),
        Route(DESCRIPTION, _describe),
        Route(METRICS, operations.metrics),
    ]


def _by_path(endpoints: Iterable[Endpoint]) -> Mapping[str, Mapping[str, Endpoint]]:
    paths: defaultdict[str, dict[str, Endpoint]] = defaultdict(dict)
    for endpoint in endpoints:
        paths[endpoint.path][endpoint.method] = endpoint
    return paths


def _route(path: str, methods: Mapping[str, Endpoint]) -> Route:
    async def serve(request: Request[State]) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await methods[method].serve(request)

    return Route(path, serve, methods=list(methods))


async def _describe(_request: Request[State]) -> Response:
    return JSONResponse(describe(ENDPOINTS))
