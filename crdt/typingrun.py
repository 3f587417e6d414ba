"""A typing run: updates that each just go on with the text of the one before, as one update.

Whoever types quickly, or pastes character by character, sends an update for every character. Where
each is one string by the same client, directly behind the one before it and in front of the same
right neighbour, they say together what one update with the whole text says: it is what Yjs would
have sent, had it been one transaction.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from crdt.encoding import read_varuint, write_bytes, write_varuint
from crdt.errors import Refusal
from crdt.limits import UpdateLimits
from crdt.structs import ID, Kind, Struct
from crdt.update import decode_update
from crdt.utf16 import utf16_length

LONGEST = 2048  # UTF-16 units that are joined, at most

_ONE = b"\x01\x01"  # one client, one struct
_BEHIND, _BEFORE = 0x80 | Kind.STRING, 0x40  # a string with an origin; with a right origin, too
_SHORT = 128  # below this an integer is one byte


class TypingRun(NamedTuple):
    """The first `length` of some updates as one, `update`, in front of the ID `right_origin`."""

    length: int
    update: bytes
    right_origin: ID | None


def typing_run(updates: Iterable[bytes], limits: UpdateLimits) -> TypingRun | None:
    """Join as many updates as go on from the first one; None where the second does not.

    No more of them are looked at than are joined, and one. Whatever cannot be read is in no run;
    the joined update is as strict as its parts.
    """
    rest = iter(updates)
    first, second = next(rest), next(rest, b"")
    struct = _only_string(first, limits) if _goes_on(second) else None
    if struct is None:
        return None
    texts = _following(struct, chain([second], rest))
    if not texts:
        return None
    joined = _joined(first, str(struct.content).encode(), texts)
    return TypingRun(1 + len(texts), joined, struct.right_origin)


def _goes_on(update: bytes) -> bool:
    """Whether it looks as if it went on with something; most that does not is found quickly."""
    if not update.startswith(_ONE):
        return False
    try:
        _, named = read_varuint(update, len(_ONE))
        clock, end = read_varuint(update, named)
    except (IndexError, ValueError):
        return False
    return update.startswith(update[len(_ONE) : named] + _clock(clock - 1), end + 1)


def _only_string(update: bytes, limits: UpdateLimits) -> Struct | None:
    """The struct of an update that is one string and no more."""
    if not update.startswith(_ONE) or update[-1]:
        return None
    try:
        structs, _ = decode_update(update, limits)
    except Refusal:
        return None
    return structs[0] if structs[0].kind == Kind.STRING else None


def _following(first: Struct, updates: Iterable[bytes]) -> list[bytes]:
    """The texts, in UTF-8, of the updates that go on. Bytes are compared, nothing is decoded."""
    client, right = _varuint(first.client), first.right_origin
    head, middle = _ONE + client, bytes([_BEHIND | _BEFORE if right else _BEHIND]) + client
    tail = b"".join(map(_varuint, right)) if right else b""
    clock, until = first.clock + first.length, first.clock + LONGEST
    texts: list[bytes] = []
    for update in updates:
        prefix = head + _clock(clock) + middle + _clock(clock - 1) + tail
        start = len(prefix) + 1
        text = update[start:-1]
        if not (update.startswith(prefix) and 0 < len(text) < _SHORT):
            break
        if update[start - 1] != len(text) or update[-1]:
            break
        length = len(text) if text.isascii() else _units(text)
        if not length or clock + length > until:
            break
        texts.append(text)
        clock += length
    return texts


def _units(text: bytes) -> int:
    """UTF-16 units; 0 where it is no UTF-8."""
    try:
        return utf16_length(text.decode())
    except UnicodeDecodeError:
        return 0


def _clock(clock: int) -> bytes:
    """An integer as it is written, quickly: only the first byte is another each time."""
    if clock < _SHORT:
        return _FIRST[clock]
    return _FIRST[clock & 0x7F | 0x80] + _varuint(clock >> 7)


_FIRST = [bytes([byte]) for byte in range(256)]


@lru_cache(maxsize=1024)
def _varuint(value: int) -> bytes:
    out = bytearray()
    write_varuint(out, value)
    return bytes(out)


def _joined(update: bytes, text: bytes, texts: Sequence[bytes]) -> bytes:
    """The first update with the other texts behind its own."""
    content = bytearray()
    write_bytes(content, text)
    out = bytearray(update[: -len(content) - 1])
    write_bytes(out, b"".join([text, *texts]))
    out.append(0)
    return bytes(out)
