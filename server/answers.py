"""Exceptions become problem documents here, and refusals are counted."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crdt.errors import Refusal
from persistence.errors import LogUnavailable
from server.problems import code_of, problem
from server.refusals import MethodNotAllowed, NotFound
from server.telemetry import Telemetry


class Answers:
    """The exception handlers of one app."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self.handlers = {
            Refusal: self.refused,
            LogUnavailable: self.refused,
            HTTPException: self.routed,
            Exception: self.failed,
        }

    async def refused(self, _request: Request, error: Exception) -> Response:
        """Tell a refusal."""
        self._telemetry.refused(code_of(error))
        return problem(error)

    async def routed(self, request: Request, error: Exception) -> Response:
        """Tell that there is no such resource, or that it has no such method."""
        status = getattr(error, "status_code", HTTPStatus.NOT_FOUND)
        if status != HTTPStatus.METHOD_NOT_ALLOWED:
            return await self.refused(request, NotFound("There is nothing at this address."))
        response = await self.refused(
            request, MethodNotAllowed("This resource does not have that method.")
        )
        response.headers.update(getattr(error, "headers", None) or {"allow": "GET, HEAD"})
        return response

    async def failed(self, request: Request, error: Exception) -> Response:
        """Tell nothing of our own mistake, and note all of it."""
        self._telemetry.refused(code_of(error))
        self._telemetry.log.error("failed", path=request.url.path, exc_info=error)
        return problem(error)
