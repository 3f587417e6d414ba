import pytest

from crdt.columns import FORM
from crdt.state import EMPTY, State


@pytest.mark.parametrize("state", [EMPTY, State(7, b"update", b"who", b"weave" * 99, b"copies")])
def test_what_was_packed_is_unpacked(state: State) -> None:
    assert State.unpack(state.seq, state.pack(), state.attribution) == state


@pytest.mark.parametrize("packed", [b"", b"\x00\x00", b"older " + FORM, FORM[:-1]])
def test_another_form_is_none(packed: bytes) -> None:
    assert State.unpack(7, packed, b"who") is None
