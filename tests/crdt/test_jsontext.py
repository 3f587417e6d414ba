"""JSON text: what a browser and yrs both read, and nothing that either would not."""

import pytest
from pycrdt import Doc

from crdt.errors import UpdateTooLarge
from crdt.jsontext import check_json
from crdt.limits import Allowance
from tests.support.forging import EMBED, insertion, item
from tests.support.wire import string

READABLE = [
    "null",
    "true",
    "-0",
    "1.5e-300",
    "9" * 120,
    '"text"',
    '"\\ud83d\\ude00"',
    "[]",
    '{"a": {"b": [1, null]}}',
    '{"a":1,"a":2}',
    " 1\n",
]
UNREADABLE = [
    "",
    "nul",
    "NaN",
    "Infinity",
    "-Infinity",
    "[1,]",
    "{'a':1}",
    "01",
    "1e400",
    "-" + "9" * 400,
    '"\x01"',
    '"\\ud800"',
    '{"a":["\\udc00"]}',
    "\ufeff1",
    "1 2",
    "[" * 64,
]


def check(text: str, nesting: int = 64) -> None:
    check_json(text, Allowance(nesting, 1_000_000))


@pytest.mark.parametrize("text", READABLE)
def test_json_is_accepted(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not valid JSON"):
        check(text)


@pytest.mark.parametrize(("text", "readable"), [(t, t in READABLE) for t in READABLE + UNREADABLE])
def test_yrs_reads_the_same_json(text: str, readable: bool) -> None:  # noqa: FBT001 - a parameter
    document = Doc()
    update = insertion(1, 0, item(EMBED, string(text)))
    if readable:
        document.apply_update(update)
    else:
        with pytest.raises(ValueError, match="JSON"):
            document.apply_update(update)


def test_json_is_as_deep_as_it_may_be() -> None:
    check("[" * 64 + "]" * 64)
    check('{"a":' * 64 + "1" + "}" * 64)


@pytest.mark.parametrize("depth", [65, 500, 100_000])
def test_json_nested_deeper_is_refused(depth: int) -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        check('[{"a":' * (depth // 2) + "[1]" + "}]" * (depth // 2))


def test_the_depth_is_that_of_the_deepest_branch() -> None:
    check("[[],[[]],[]]", nesting=3)
    with pytest.raises(ValueError, match="nested too deep"):
        check("[[],[[]],[]]", nesting=2)


def test_json_with_more_values_than_allowed_is_refused() -> None:
    with pytest.raises(UpdateTooLarge):
        check_json("[1,2,3,4]", Allowance(64, 3))
