import json
from collections.abc import Iterator

import pytest

from crdt.errors import ForeignClient, Refusal
from persistence.errors import LogUnavailable, UnknownArticle
from server.problems import code_of, problem, status_of
from server.refusals import Busy, InvalidRequest
from server.tokens import ExpiredToken


def _all(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for below in kind.__subclasses__():
        yield below
        yield from _all(below)


def test_a_problem_is_a_document_of_its_media_type() -> None:
    answer = problem(UnknownArticle("There is no article x."))
    assert answer.media_type == "application/problem+json"
    assert json.loads(bytes(answer.body)) == {
        "type": "urn:palimpsest:problem:unknown-article",
        "title": "No article has this slug.",
        "status": 404,
        "detail": "There is no article x.",
        "code": "unknown-article",
    }


def test_a_class_without_a_status_has_that_of_the_one_above() -> None:
    assert status_of(ForeignClient) == 403
    assert status_of(ExpiredToken) == 401


@pytest.mark.parametrize("kind", sorted(_all(Refusal), key=lambda kind: kind.__name__))
def test_every_refusal_has_a_status_of_its_kind(kind: type[Refusal]) -> None:
    assert 400 <= status_of(kind) <= 503
    assert kind.code != Refusal.code


def test_every_code_belongs_to_one_status() -> None:
    statuses: dict[str, set[int]] = {}
    for kind in _all(Refusal):
        statuses.setdefault(kind.code, set()).add(status_of(kind))
    assert all(len(found) == 1 for found in statuses.values())


def test_our_own_mistake_tells_nothing() -> None:
    answer = problem(ValueError("password of the database"))
    assert answer.status_code == 500
    assert b"password" not in bytes(answer.body)
    assert code_of(ValueError()) == "internal-error"


def test_a_database_in_trouble_is_to_be_asked_again() -> None:
    answer = problem(LogUnavailable("host=secret"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert b"secret" not in bytes(answer.body)
    assert code_of(LogUnavailable()) == "storage-unavailable"


def test_busy_is_to_be_asked_again() -> None:
    assert problem(Busy("x")).headers["retry-after"]


def test_a_missing_token_is_asked_for() -> None:
    assert problem(ExpiredToken("x")).headers["www-authenticate"] == "Bearer"


def test_each_fault_has_its_place() -> None:
    body = json.loads(bytes(problem(InvalidRequest("x", (("/name", "Too long."),))).body))
    assert body["errors"] == [{"pointer": "/name", "detail": "Too long."}]


def test_no_cache_keeps_a_problem() -> None:
    assert problem(Busy("x")).headers["cache-control"] == "no-store"
