"""The description of the HTTP interface (OpenAPI 3.1), generated from what serves it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from crdt.errors import ReadOnly
from persistence.errors import LogUnavailable
from server.api.endpoint import Access, Endpoint
from server.api.models import SLUG
from server.problems import MEDIA_TYPE, Problem, status_of
from server.refusals import (
    BodyTooLarge,
    InvalidRequest,
    MalformedJson,
    TokenNeeded,
    UnsupportedMediaType,
)
from server.tokens import BadToken, ExpiredToken

Json = dict[str, Any]

REFERENCE = "#/components/schemas/{model}"
SECURITY: dict[Access, list[Json]] = {
    Access.ANYBODY: [],
    Access.READER: [{}, {"token": []}],
    Access.AUTHOR: [{"token": []}],
    Access.WRITER: [{"token": []}],
}
PATH_SCHEMAS: dict[str, Json] = {
    "slug": {"type": "string", "pattern": SLUG, "maxLength": 80},
    "seq": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    "number": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    "id": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"},
}
BODY_REFUSALS = (MalformedJson, BodyTooLarge, UnsupportedMediaType, InvalidRequest)
TOKEN_REFUSALS = (TokenNeeded, BadToken, ExpiredToken)


def describe(endpoints: Sequence[Endpoint]) -> Json:
    """Describe the endpoints as an OpenAPI document."""
    paths: defaultdict[str, Json] = defaultdict(dict)
    for endpoint in endpoints:
        paths[endpoint.path][endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Palimpsest",
            "version": version("palimpsest"),
            "description": "A live wiki in which every character keeps the name of its writer.",
        },
        "paths": dict(paths),
        "components": {
            "schemas": _schemas(endpoints),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def refusals_of(endpoint: Endpoint) -> tuple[type[Exception], ...]:
    """Give all that an endpoint may refuse with: its own, and what its parts imply."""
    implied: list[type[Exception]] = [LogUnavailable]
    if endpoint.body is not None:
        implied += BODY_REFUSALS
    if endpoint.query is not None:
        implied.append(InvalidRequest)
    if endpoint.access is not Access.ANYBODY:
        implied += TOKEN_REFUSALS
    if endpoint.access is Access.WRITER:
        implied.append(ReadOnly)
    return (*endpoint.refusals, *implied)


def _operation(endpoint: Endpoint) -> Json:
    operation: Json = {
        "operationId": _name(endpoint),
        "summary": endpoint.summary,
        "security": SECURITY[endpoint.access],
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": {**_answers(endpoint), **_problems(endpoint)},
    }
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _reference(endpoint.body)}},
        }
    return operation


def _name(endpoint: Endpoint) -> str:
    words = re.findall(r"[a-z]+", endpoint.path.removeprefix("/api/v1"))
    return "-".join((endpoint.method.lower(), *words))


def _path_parameters(endpoint: Endpoint) -> list[Json]:
    names = re.findall(r"\{(\w+)\}", endpoint.path)
    return [
        {"name": name, "in": "path", "required": True, "schema": PATH_SCHEMAS[name]}
        for name in names
    ]


def _query_parameters(endpoint: Endpoint) -> list[Json]:
    if endpoint.query is None:
        return []
    properties = endpoint.query.model_json_schema()["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": _without_null(schema)}
        for name, schema in properties.items()
    ]


def _without_null(schema: Json) -> Json:
    """Describe a parameter as it is when given: a query has no null."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    told = {key: schema[key] for key in ("description", "default") if schema.get(key) is not None}
    return {**options[0], **told} if options else schema


def _answers(endpoint: Endpoint) -> Json:
    return {
        str(status): {
            "description": (model.__doc__ or "").splitlines()[0],
            "content": {_media_type(model): {"schema": _reference(model)}} | _also(model),
        }
        for status, model in endpoint.answers.items()
    }


def _also(model: type[BaseModel]) -> Json:
    """Other media types that a client can ask for."""
    return {name: {"schema": {"type": "string"}} for name in getattr(model, "also", ())}


def _media_type(model: type[BaseModel]) -> str:
    """JSON, unless the model says that it is something else."""
    return str(getattr(model, "media_type", "application/json"))


def _problems(endpoint: Endpoint) -> Json:
    kinds: defaultdict[int, list[str]] = defaultdict(list)
    for refusal in refusals_of(endpoint):
        kinds[status_of(refusal)].append(getattr(refusal, "code", "storage-unavailable"))
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(dict.fromkeys(codes))}.",
            "content": {MEDIA_TYPE: {"schema": _reference(Problem)}},
        }
        for status, codes in sorted(kinds.items())
    }


def _reference(model: type[BaseModel]) -> Json:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def _schemas(endpoints: Iterable[Endpoint]) -> Json:
    sent = {model for endpoint in endpoints for model in endpoint.answers.values()} | {Problem}
    given = {endpoint.body for endpoint in endpoints if endpoint.body is not None}
    _, schemas = models_json_schema(
        [
            *((model, "serialization") for model in sorted(sent, key=_class_name)),
            *((model, "validation") for model in sorted(given, key=_class_name)),
        ],
        ref_template=REFERENCE,
    )
    definitions: Json = schemas["$defs"]
    return definitions


def _class_name(model: type[BaseModel]) -> str:
    return model.__name__
