"""Every struct after what it builds on, however they came."""

import pytest

from crdt.causality import by_client, in_causal_order
from crdt.errors import MissingDependencies
from crdt.structs import ID, Kind, Struct


def struct(client: int, clock: int, origin: ID | None = None, right: ID | None = None) -> Struct:
    return Struct(client, clock, 1, Kind.STRING, origin, right, None, None, "x")


def order(*structs: Struct) -> list[ID]:
    clocks: dict[int, int] = {}
    taken = []
    for each in in_causal_order(by_client(structs), clocks):
        clocks[each.client] = each.clock + each.length
        taken.append((each.client, each.clock))
    return taken


def test_an_origin_comes_first() -> None:
    assert order(struct(2, 0, (1, 0)), struct(1, 0)) == [(1, 0), (2, 0)]


def test_a_right_origin_comes_first() -> None:
    assert order(struct(2, 0, None, (1, 0)), struct(1, 0)) == [(1, 0), (2, 0)]


def test_two_clients_may_build_on_each_other_in_turns() -> None:
    turns = [struct(1, 0), struct(1, 1, (2, 0)), struct(2, 0, (1, 0)), struct(2, 1, (1, 1))]
    assert order(*turns) == [(1, 0), (2, 0), (1, 1), (2, 1)]


def test_a_long_chain_of_clients_is_no_recursion() -> None:
    chain = [struct(client, 0, (client + 1, 0)) for client in range(5_000)]
    assert order(*chain, struct(5_000, 0))[0] == (5_000, 0)


@pytest.mark.parametrize(
    "structs",
    [
        [struct(1, 1)],
        [struct(1, 0, (9, 0))],
        [struct(1, 0, (2, 1)), struct(2, 0)],
        [struct(1, 0, (2, 0)), struct(2, 0, (1, 0))],
        [struct(1, 0, (2, 0)), struct(2, 0, (3, 0)), struct(3, 0, (1, 0))],
    ],
)
def test_what_never_comes_is_missing(structs: list[Struct]) -> None:
    with pytest.raises(MissingDependencies):
        order(*structs)
