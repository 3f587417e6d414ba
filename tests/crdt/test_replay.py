from crdt.edit import Edit
from crdt.frames import frame_of_rows
from crdt.limits import OWN_LIMITS
from crdt.messages import encode_attribution, encode_sync_update
from crdt.replay import encode_frame, encode_header
from crdt.structs import Kind, Struct
from crdt.update import decode_update, encode_update
from tests.support import histories

HI = encode_update([Struct(5, 0, 2, Kind.STRING, None, None, "content", None, "hi")], ())
ADAS = '{"ada": {"name": "Ada", "colour": "#b3261e"}}'


def _by(client: int) -> bytes:
    return HI.replace(b"\x05", bytes([client]))


def _edit(author: str, payload: bytes) -> Edit:
    update = decode_update(payload, OWN_LIMITS)
    return Edit(author, update.structs, update.deletions, payload, None)


def test_a_frame_carries_what_a_websocket_would() -> None:
    edit = _edit("ada", HI)
    frames = encode_frame([frame_of_rows(3, [(60_001, edit)])], [ADAS])
    (frame,) = histories.read(encode_header(9, 3, 4, 1) + b"".join(frames)).frames
    ledger = histories.ledger([(60_001, edit)])
    assert frame.messages == [encode_attribution(4, ledger, ADAS), encode_sync_update(HI)]


def test_a_frame_of_several_parts_has_a_pair_of_messages_for_each() -> None:
    first = frame_of_rows(
        0, [(1, _edit("bob", HI)), (2, _edit("bob", HI.replace(b"\x05", b"\x06")))]
    )
    second = frame_of_rows(2, [(7, _edit("ada", HI.replace(b"\x05", b"\x07")))])
    frames = encode_frame([first, second], ["{}", ADAS])
    told = histories.read(encode_header(3, 0, 3, 1) + b"".join(frames))
    (frame,) = told.frames
    assert (told.head, told.after, told.until) == (3, 0, 3)
    assert (frame.after, frame.until, frame.since_ms, frame.at_ms) == (0, 3, 1, 7)
    assert frame.authors == ["ada", "bob"]
    assert [message.seq for message in frame.told] == [2, 3]
    assert frame.updates == [first.update, second.update]
    assert told.names == {"ada": {"name": "Ada", "colour": "#b3261e"}}
