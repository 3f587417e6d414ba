import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from server.frames import binary_frames, payload_range

SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 100_000]


def _masked(payload: bytes) -> bytes:
    return bytes(Frame(Opcode.BINARY, payload).serialize(mask=True))


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_is_what_the_library_would_write(size: int) -> None:
    message = b"x" * size
    assert binary_frames([message]) == Frame(Opcode.BINARY, message).serialize(mask=False)


def test_messages_stand_one_after_the_other() -> None:
    assert binary_frames([b"a", b"bc"]) == binary_frames([b"a"]) + binary_frames([b"bc"])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("before", [b"", b"12345"])
def test_the_payload_is_found_wherever_the_frame_begins(size: int, before: bytes) -> None:
    frame = _masked(b"x" * size)
    found = payload_range(before + frame, len(before))
    assert found == (len(before) + len(frame) - size, len(before) + len(frame))


@pytest.mark.parametrize("size", SIZES)
def test_a_head_that_is_not_whole_says_nothing(size: int) -> None:
    frame = _masked(b"x" * size)
    head = len(frame) - size - 4  # before the mask
    assert [payload_range(frame[:end], 0) for end in range(head)] == [None] * head
    assert payload_range(frame[:head], 0) is not None


def test_an_unmasked_frame_has_no_mask_before_its_payload() -> None:
    assert payload_range(binary_frames([b"abc"]), 0) == (2, 5)


def test_the_library_reads_what_we_write() -> None:
    reader = StreamReader()
    reader.feed_data(binary_frames([b"one"]))
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parsing)
    assert done.value.value.data == b"one"
