from typing import Any

import pytest
from pydantic import BaseModel
from starlette.requests import Request

from server.api.endpoint import Access, Answer, Call, Endpoint, identify
from server.refusals import TokenNeeded


class Value(BaseModel):
    number: int


async def _run(_call: Call) -> Answer:
    return Answer(201, Value(number=5), {"x-more": "yes"})


def _request(**headers: str) -> Request[Any]:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": encoded, "query_string": b"", "state": {}})


def _endpoint(access: Access) -> Endpoint:
    return Endpoint("GET", "/x", "Tell x.", _run, {201: Value}, access)


async def test_an_answer_is_json_that_no_cache_keeps() -> None:
    response = await _endpoint(Access.ANYBODY).serve(_request())
    assert (response.status_code, bytes(response.body)) == (201, b'{"number":5}')
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-more"] == "yes"


async def test_a_token_is_not_looked_at_where_anybody_may_call() -> None:
    assert await _endpoint(Access.ANYBODY).serve(_request(authorization="Bearer nonsense"))


@pytest.mark.parametrize("access", [Access.AUTHOR, Access.WRITER])
async def test_a_missing_token_is_refused_where_one_is_needed(access: Access) -> None:
    with pytest.raises(TokenNeeded):
        await _endpoint(access).serve(_request())


async def test_a_reader_may_come_without_a_token() -> None:
    assert await _endpoint(Access.READER).serve(_request())


async def test_only_bearer_tokens_are_known() -> None:
    with pytest.raises(TokenNeeded, match="bearer"):
        await identify(_request(authorization="Basic YTpi"))


def test_nobody_is_no_caller() -> None:
    with pytest.raises(TokenNeeded):
        _ = Call(_request(), None, None, None).caller
