"""Yjs itself writes thousands of random updates of every kind; we read what it reads."""

import base64
import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from crdt.errors import MalformedUpdate
from crdt.update import Kind, Struct, UpdateLimits, decode_update, encode_update
from tests.support import node

pytestmark = pytest.mark.skipif(not node.installed(), reason="the stock clients are not here")

LIMITS = UpdateLimits(clients=100)
Case = dict[str, Any]


@cache
def cases() -> list[Case]:
    lines = node.run("updates.mjs", "2026", "150").splitlines()
    return [line | {"update": base64.b64decode(line["update"])} for line in map(json.loads, lines)]


def identity(name: Any) -> Any:
    return tuple(name) if isinstance(name, list) else name


def expected(struct: Case) -> Struct:
    content = struct["content"]
    return Struct(
        struct["client"],
        struct["clock"],
        struct["length"],
        struct["kind"],
        identity(struct.get("origin")),
        identity(struct.get("right_origin")),
        identity(struct.get("parent")),
        struct.get("parent_sub"),
        content if struct["kind"] == Kind.STRING else base64.b64decode(content),
    )


def test_there_are_thousands_and_every_kind_is_among_them() -> None:
    kinds = Counter(struct["kind"] for case in cases() for struct in case["structs"])
    assert len(cases()) > 2000
    assert set(kinds) == set(Kind)


def test_every_field_is_read_as_yjs_reads_it() -> None:
    for case in cases():
        update = decode_update(case["update"], LIMITS)
        assert list(update.structs) == [expected(struct) for struct in case["structs"]]


def test_every_deletion_is_read_as_yjs_reads_it() -> None:
    for case in cases():
        update = decode_update(case["update"], LIMITS)
        assert [list(deletion) for deletion in update.deletions] == case["deletions"]


def test_text_is_written_as_yjs_wrote_it_or_in_fewer_structs() -> None:
    kinds = {Kind.STRING, Kind.FORMAT, Kind.EMBED, Kind.GC}
    for case in cases():
        structs, deletions = decode_update(case["update"], LIMITS)
        if kinds.issuperset(struct.kind for struct in structs):
            again = encode_update(structs, deletions)
            assert again == case["update"] or len(decode_update(again, LIMITS).structs) < len(
                structs
            )


def test_version_2_of_the_same_updates_is_refused() -> None:
    encoded = [base64.b64encode(case["update"]).decode() for case in cases()[::10]]
    for line in node.run("second_version.mjs", stdin="\n".join(encoded)).splitlines():
        with pytest.raises(MalformedUpdate):
            decode_update(base64.b64decode(line), LIMITS)
