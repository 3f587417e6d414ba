from hypothesis import given
from hypothesis import strategies as st

from server.pipe import pack, unpack


@given(st.lists(st.binary(max_size=50)))
def test_pieces_come_out_as_they_went_in(pieces: list[bytes]) -> None:
    assert unpack(pack(pieces)) == pieces
