"""The access log: one line and one count for each HTTP request, without its query or headers."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.telemetry import Telemetry

ABORTED = 499  # the client went away, or we failed, before there was an answer
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


class AccessLog:
    """Notes what `app` answered; a token in the query is never read."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = ABORTED, time.perf_counter()

        async def send_noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        self._telemetry.requested(method, _pattern(scope), status)
        self._telemetry.log.info(
            "request",
            method=method,
            path=scope["path"],
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )


def _pattern(scope: Scope) -> str:
    """Give the route's pattern, since paths are without number and would fill the registry."""
    return getattr(scope.get("route"), "path", "") or "other"
