"""Problem documents (RFC 9457), and the one table from refusals to HTTP statuses."""

from collections.abc import Mapping
from http import HTTPStatus
from inspect import getdoc
from typing import Annotated

from pydantic import BaseModel, Field
from starlette.responses import Response

from crdt import errors as core
from persistence import errors as kept
from server import refusals, tokens
from server.names import InvalidName

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 1
COME_BACK = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}

STATUSES: Mapping[type[Exception], int] = {
    core.Refusal: 400,
    core.MessageTooLarge: 413,
    core.UpdateTooLarge: 413,
    core.Forbidden: 403,
    core.StructureRefused: 422,
    core.StandsAgain: 409,
    core.TooEntangled: 422,
    core.MissingDependencies: 409,
    kept.SlugTaken: 409,
    kept.NameTaken: 409,
    kept.UnknownArticle: 404,
    kept.UnknownAuthor: 404,
    kept.UnknownRevision: 404,
    kept.UnknownSuspect: 404,
    kept.LogUnavailable: 503,
    tokens.BadToken: 401,
    InvalidName: 422,
    refusals.InvalidRequest: 422,
    refusals.MalformedJson: 400,
    refusals.UnsupportedMediaType: 415,
    refusals.BodyTooLarge: 413,
    refusals.NotFound: 404,
    refusals.MethodNotAllowed: 405,
    refusals.TokenNeeded: 401,
    refusals.SignInClosed: 403,
    refusals.WrongPassphrase: 403,
    refusals.WrongOrigin: 403,
    refusals.TooFast: 429,
    refusals.TooManyClients: 429,
    refusals.TooManyConnections: 429,
    refusals.StorageUnavailable: 503,
    refusals.ShuttingDown: 503,
    refusals.Busy: 503,
    refusals.NotYet: 409,
    refusals.HistoryUnavailable: 503,
    refusals.Quarantined: 422,
    refusals.NotReady: 503,
    refusals.NothingToRestore: 409,
    refusals.UnknownSection: 404,
    refusals.UnknownPassage: 404,
}


class Fault(BaseModel):
    """One thing that is wrong in a request."""

    pointer: Annotated[str, Field(description="Where: a JSON pointer, or a parameter's name.")]
    detail: Annotated[str, Field(description="Why, as a sentence.")]


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: Annotated[str, Field(description="URN of the kind of problem; ends with its code.")]
    title: Annotated[str, Field(description="What this kind of problem is.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    detail: Annotated[str, Field(description="What is wrong this time, as a sentence.")]
    code: Annotated[str, Field(description="Short name of the kind of problem, for programs.")]
    errors: list[Fault] = []


def status_of(kind: type[BaseException]) -> int:
    """Give the status of an exception's class, or of the nearest class above it; else 500."""
    return next((STATUSES[known] for known in kind.__mro__ if known in STATUSES), 500)


def problem(error: Exception) -> Response:
    """Answer with the problem document of a refusal; of our own mistakes it tells nothing."""
    return _response(_document(error), getattr(error, "retry_after", RETRY_SECONDS))


def code_of(error: Exception) -> str:
    """Give the code of a problem, which has no outside text in it."""
    if isinstance(error, core.Refusal):
        return error.code
    return "storage-unavailable" if isinstance(error, kept.LogUnavailable) else "internal-error"


def _document(error: Exception) -> Problem:
    code, status = code_of(error), status_of(type(error))
    return Problem(
        type=f"urn:palimpsest:problem:{code}",
        title=_title(error),
        status=status,
        detail=_detail(error),
        code=code,
        errors=[
            Fault(pointer=pointer, detail=detail)
            for pointer, detail in getattr(error, "errors", ())
        ],
    )


def _title(error: Exception) -> str:
    if isinstance(error, core.Refusal):
        return (getdoc(type(error)) or "").splitlines()[0]
    return HTTPStatus(status_of(type(error))).phrase


def _detail(error: Exception) -> str:
    if isinstance(error, core.Refusal):
        return str(error)
    if isinstance(error, kept.LogUnavailable):
        return "The database does not answer just now; please try again."
    return "Something went wrong here, and it has been noted."


def _response(document: Problem, retry_after: int) -> Response:
    headers = {"cache-control": "no-store"}
    if document.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if document.status in COME_BACK:
        headers["retry-after"] = str(retry_after)
    return Response(
        document.model_dump_json(exclude_defaults=True),
        status_code=document.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )
