from typing import Any

import pytest

from server.refusals import StorageUnavailable
from server.rest import Rest


def test_what_waits_is_done_once_in_order() -> None:
    done: list[str] = []
    rest, live = Rest(), object()
    rest.wait(lambda _: done.append("one"), _never)
    rest.wait(lambda _: done.append("two"), _never)
    assert rest
    rest.reached(live)  # type: ignore[arg-type]
    rest.reached(live)  # type: ignore[arg-type]
    assert (done, bool(rest)) == (["one", "two"], False)


def test_what_waits_hears_why_it_will_not_be_done() -> None:
    told: list[Any] = []
    rest, refusal = Rest(), StorageUnavailable("gone")
    rest.wait(_never, told.append)
    rest.lost(refusal)
    assert (told, bool(rest)) == ([refusal], False)


def test_of_what_fails_and_what_is_behind_it_the_end_is_told() -> None:
    told: list[Any] = []
    rest, refusal = Rest(), StorageUnavailable("gone")
    rest.wait(_fails, told.append)
    rest.wait(_never, told.append)
    with pytest.raises(RuntimeError):
        rest.reached(object())  # type: ignore[arg-type]
    rest.lost(refusal)
    assert told == [refusal, refusal]


def _never(_: object) -> None:
    raise AssertionError


def _fails(_: object) -> None:
    raise RuntimeError
