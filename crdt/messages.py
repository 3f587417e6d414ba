"""The messages of the y-websocket protocol, and ours for attribution, as bytes and as values.

    message     := 0 sync | 1 presence | 2 refusal | 3 | 80 attribution
    sync        := 0 varBytes(state vector) | 1 varBytes(update) | 2 varBytes(update)
    presence    := varBytes( varUint(#entries) { varUint(client) varUint(clock) varString(JSON) }* )
    refusal     := 0 varString(reason)
    attribution := varUint(seq) varBytes(inserts) varBytes(deletes) varString(authors)

A websocket message holds one of them: y-websocket reads no further.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from crdt.attribution import Attribution
from crdt.encoding import read_bytes, read_string, read_varuint, write_bytes, write_string
from crdt.encoding import write_varuint as write
from crdt.errors import MalformedMessage
from crdt.limits import MAX_CLOCK

SYNC, PRESENCE, REFUSAL, PRESENCE_QUERY, ATTRIBUTION = 0, 1, 2, 3, 80
STEP_1, STEP_2, UPDATE = 0, 1, 2


class Entry(NamedTuple):
    """What one client shows of itself: JSON text, "null" when it has gone."""

    client: int
    clock: int
    state: str


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """Somebody tells what it has, and wants the rest."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class SyncUpdate:
    """New content and deletions: the answer to a step 1, or an edit just made."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Presence:
    """Cursors, names and colours."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PresenceQuery:
    """Somebody wants everybody's presence."""


Message = SyncStep1 | SyncUpdate | Presence | PresenceQuery


def decode_message(data: bytes, most_entries: int) -> Message:
    """Read what a client may send; MalformedMessage for everything else."""
    try:
        message, pos = _read_message(data, most_entries)
    except IndexError:
        raise MalformedMessage("A message ends too early.") from None
    except ValueError as reason:
        raise MalformedMessage(str(reason)) from None
    if pos != len(data):
        raise MalformedMessage("A message is followed by other bytes.")
    return message


def _read_message(data: bytes, most_entries: int) -> tuple[Message, int]:
    kind, pos = read_varuint(data, 0)
    if kind == SYNC:
        return _read_sync(data, pos)
    if kind == PRESENCE:
        body, pos = read_bytes(data, pos)
        return Presence(_read_entries(body, most_entries)), pos
    if kind == PRESENCE_QUERY:
        return PresenceQuery(), pos
    raise MalformedMessage(f"Message type {kind} is not known here.")


def _read_sync(data: bytes, pos: int) -> tuple[Message, int]:
    step, pos = read_varuint(data, pos)
    if step > UPDATE:
        raise MalformedMessage(f"Sync message type {step} is not known here.")
    body, pos = read_bytes(data, pos)
    return (SyncStep1(body) if step == STEP_1 else SyncUpdate(body)), pos


def _read_entries(data: bytes, most_entries: int) -> tuple[Entry, ...]:
    count, pos = read_varuint(data, 0)
    if count > most_entries:
        raise MalformedMessage("A presence message names too many clients.")
    entries = []
    for _ in range(count):
        entry, pos = _read_entry(data, pos)
        entries.append(entry)
    if pos != len(data):
        raise MalformedMessage("A presence message is followed by other bytes.")
    return tuple(entries)


def _read_entry(data: bytes, pos: int) -> tuple[Entry, int]:
    client, pos = read_varuint(data, pos)
    clock, pos = read_varuint(data, pos)
    if clock > MAX_CLOCK:
        raise MalformedMessage("The clock of a presence is too large.")
    state, pos = read_string(data, pos)
    return Entry(client, clock, state), pos


def encode_step_1(state_vector: bytes) -> bytes:
    """Ask for what lies beyond `state_vector`."""
    return _sync(STEP_1, state_vector)


def encode_step_2(update: bytes) -> bytes:
    """Answer a step 1."""
    return _sync(STEP_2, update)


def encode_sync_update(update: bytes) -> bytes:
    """Pass on new content and deletions."""
    return _sync(UPDATE, update)


def _sync(step: int, body: bytes) -> bytes:
    out = bytearray((SYNC, step))
    write_bytes(out, body)
    return bytes(out)


def encode_presence(entries: Iterable[Entry]) -> bytes:
    """Pass on presence."""
    entries = tuple(entries)
    body = bytearray()
    write(body, len(entries))
    for client, clock, state in entries:
        write(body, client)
        write(body, clock)
        write_string(body, state)
    out = bytearray((PRESENCE,))
    write_bytes(out, bytes(body))
    return bytes(out)


def encode_refusal(reason: str) -> bytes:
    """Tell a writer why an edit was refused; the connection stays open."""
    out = bytearray((REFUSAL, 0))
    write_string(out, reason)
    return bytes(out)


def encode_attribution(seq: int, attribution: Attribution, authors: str) -> bytes:
    """Tell who wrote what up to `seq`; `authors` is JSON: author id -> name and colour."""
    out = bytearray((ATTRIBUTION,))
    write(out, seq)
    out += attribution.encode()
    write_string(out, authors)
    return bytes(out)
