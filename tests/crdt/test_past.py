import pytest

from crdt.errors import StructureRefused, TooEntangled
from crdt.past import Pasts
from crdt.structs import ID, Kind, Struct
from crdt.weave import Weave


def typed(client: int, clock: int, origin: ID | None, right: ID | None, text: str = "x") -> Struct:
    root = "content" if origin is None and right is None else None
    return Struct(client, clock, len(text), Kind.STRING, origin, right, root, None, text)


def test_what_an_origin_needed_is_in_the_past() -> None:
    pasts = Pasts()
    pasts.note(2, 0, (1, 4), None)
    pasts.note(3, 0, (2, 0), None)
    past, _ = pasts.before(typed(4, 0, (3, 0), None), 100)
    assert past == {4: 0, 3: 1, 2: 1, 1: 5}


def test_what_a_client_needed_later_is_not_in_the_past_of_what_it_wrote_before() -> None:
    pasts = Pasts()
    pasts.note(2, 0, (1, 0), None)
    pasts.note(2, 1, (1, 9), None)
    past, _ = pasts.before(typed(3, 0, (2, 0), None), 100)
    assert past[1] == 1


def test_a_forgotten_struct_needs_nothing() -> None:
    pasts = Pasts()
    pasts.note(2, 0, (1, 0), (1, 9))
    pasts.forget(2, 0)
    past, _ = pasts.before(typed(2, 0, None, None), 100)
    assert past == {2: 0}


def test_finding_the_past_takes_only_so_many_steps() -> None:
    pasts = Pasts()
    for client in range(1, 50):
        pasts.note(client + 1, 0, (client, 0), None)
    with pytest.raises(TooEntangled):
        pasts.before(typed(99, 0, (50, 0), None), 10)


def woven(*structs: Struct) -> Weave:
    weave = Weave()
    weave.integrate(structs, ())
    return weave


def test_nothing_of_the_past_stands_between_two_origins() -> None:
    weave = woven(typed(1, 0, None, None, "abc"))
    with pytest.raises(StructureRefused, match="never neighbours"):
        weave.insert(typed(2, 0, (1, 0), (1, 2)), 100)


def test_nothing_of_the_past_stands_behind_what_came_last() -> None:
    weave = woven(typed(1, 0, None, None, "abc"), typed(2, 0, (1, 2), None))
    with pytest.raises(StructureRefused, match="never neighbours"):
        weave.insert(typed(2, 1, (1, 2), None), 100)


def test_what_came_concurrently_may_stand_between_two_origins() -> None:
    weave = woven(typed(1, 0, None, None, "ab"), typed(2, 0, (1, 0), (1, 1), "c"))
    weave.insert(typed(3, 0, (1, 0), (1, 1), "d"), 100)
    assert "".join(str(block.content) for block in weave) == "acdb"
