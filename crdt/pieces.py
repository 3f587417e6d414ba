"""Pieces: an edit cut into small updates that can be admitted one after the other."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from crdt.deletions import Deletion
from crdt.edit import Edit
from crdt.limits import MAX_CLOCK
from crdt.structs import Kind, Struct
from crdt.update import encode_update
from crdt.utf16 import utf16_length

CHARACTER_BYTES = 4  # at most, of a code point in UTF-8


def pieces(edit: Edit, most: int, most_bytes: int) -> Iterator[bytes]:
    """Cut `edit` into updates of up to `most` structs or deletions and `most_bytes` of content.

    Deletions of what was there before come first, so that what an undo brings back is recognised;
    then the content in causal order; then the deletions within that.
    """
    first = {struct.client: struct.clock for struct in reversed(edit.structs)}
    newer = [d for d in edit.deletions if d.clock + d.length > first.get(d.client, MAX_CLOCK)]
    older = [d for d in edit.deletions if d.clock + d.length <= first.get(d.client, MAX_CLOCK)]
    yield from _deletion_pieces(older, most)
    yield from _struct_pieces(edit.structs, most, most_bytes)
    yield from _deletion_pieces(newer, most)


def _deletion_pieces(deletions: Iterable[Deletion], most: int) -> Iterator[bytes]:
    rest = iter(deletions)
    while batch := tuple(islice(rest, most)):
        yield encode_update((), batch)


def _struct_pieces(structs: Sequence[Struct], most: int, most_bytes: int) -> Iterator[bytes]:
    batch: list[Struct] = []
    room = most_bytes
    for struct in _shortened(structs, max(1, most_bytes // CHARACTER_BYTES)):
        size = CHARACTER_BYTES * len(struct.content)
        if batch and (len(batch) == most or size > room):
            yield _encoded(batch)
            batch, room = [], most_bytes
        batch.append(struct)
        room -= size
    if batch:
        yield _encoded(batch)


def _encoded(batch: Sequence[Struct]) -> bytes:
    born = [Deletion(s.client, s.clock, s.length) for s in batch if s.kind == Kind.DELETED]
    return encode_update(batch, born)


def _shortened(structs: Iterable[Struct], most: int) -> Iterator[Struct]:
    """Cut every string into strings of up to `most` code points that continue each other."""
    for struct in structs:
        if struct.kind == Kind.STRING and len(struct.content) > most:
            yield from _parts(struct, str(struct.content), most)
        else:
            yield struct


def _parts(struct: Struct, text: str, most: int) -> Iterator[Struct]:
    for start in range(0, len(text), most):
        part = text[start : start + most]
        length = utf16_length(part)
        yield struct._replace(length=length, content=part)
        clock = struct.clock + length
        origin = (struct.client, clock - 1)
        struct = struct._replace(clock=clock, origin=origin, parent=None)
