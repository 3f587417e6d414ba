"""Bodies and queries of requests: limited, decoded, checked, in that order."""

from collections import Counter
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from server.refusals import BodyTooLarge, InvalidRequest, MalformedJson, UnsupportedMediaType
from server.state import State

Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: Request[State], model: type[Model]) -> Model:
    """Read a JSON body of at most `max_body_bytes`.

    Raises `UnsupportedMediaType`, `BodyTooLarge`, `MalformedJson` or `InvalidRequest`.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType("The body must be application/json.")
    body = await _limited(request, request.state["settings"].max_body_bytes)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(error, "/") from None


def read_query(request: Request[State], model: type[Model]) -> Model:
    """Read the query's parameters, each at most once; raises `InvalidRequest`."""
    counts = Counter(name for name, _ in request.query_params.multi_items())
    twice = tuple((name, "It is given twice.") for name, count in counts.items() if count > 1)
    if twice:
        raise InvalidRequest("A parameter is given twice.", twice)
    try:
        return model.model_validate_strings(dict(request.query_params))
    except ValidationError as error:
        raise _refusal(error, "") from None


async def _limited(request: Request[State], limit: int) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"A body can have at most {limit:,} bytes.")


def _refusal(error: ValidationError, root: str) -> MalformedJson | InvalidRequest:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    if faults[0]["type"] == "json_invalid":
        return MalformedJson(f"{faults[0]['msg']}.")
    return InvalidRequest(
        "The request is not as documented.",
        tuple((root + "/".join(map(str, fault["loc"])), _sentence(fault)) for fault in faults),
    )


def _sentence(fault: ErrorDetails) -> str:
    return fault["msg"].removeprefix("Value error, ")
