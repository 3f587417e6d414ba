"""Columns: a weave as bytes, quick to write, and read again without finding any place anew.

Every block is a row, by client and clock; what the blocks say of one thing stands together as a
column of numbers in the machine's own form, and the document order is a column of row numbers. For
our own bytes only: a cache, which is made anew where it is in another form.
"""

import sys
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from zlib import compress, decompress

from crdt.block import Block
from crdt.encoding import read_bytes, write_bytes
from crdt.structs import ID, Kind
from crdt.weave import Weave

FORM = b"columns 1 " + sys.byteorder.encode()
CHUNK = 1 << 18  # bytes that are compressed together: about half a millisecond of reading
ROWS = 500  # blocks that are made at a time: about a millisecond
# Of so many blocks, and so many UTF-16 units in them, all is written in about four milliseconds.
QUICK_BLOCKS, QUICK_UNITS = 2_000, 100_000

_DELETED = 0x80  # beside the kind
_STRING = int(Kind.STRING)
# sections: client ids, blocks of each; rows: lengths, origins, right origins (which client, counted
# from 1, and its clock; 0 for none), sizes of the contents, kinds; the order; all contents
_FORMS = "QIIIIIIIBI"


def quickly_written(weave: Weave) -> bool:
    """Whether an event loop may wait for `write_columns`."""
    blocks, units = weave.size()
    return blocks <= QUICK_BLOCKS and units <= QUICK_UNITS


def write_columns(weave: Weave) -> bytes:
    """The whole weave; equal blocks in an equal order give equal bytes."""
    sections = list(weave.sections())
    rows = [block for _, blocks in sections for block in blocks]
    number = {block: row for row, block in enumerate(rows)}
    clients = {client: row for row, (client, _) in enumerate(sections, start=1)}
    columns = [
        clients,
        [len(blocks) for _, blocks in sections],
        [block.length for block in rows],
        *_written([block.origin for block in rows], clients),
        *_written([block.right_origin for block in rows], clients),
        [len(block.content) for block in rows],
        [block.kind | _DELETED if block.deleted else block.kind for block in rows],
        map(number.__getitem__, weave),
    ]
    texts = "".join([block.content for block in rows if isinstance(block.content, str)])
    others = b"".join([block.content for block in rows if isinstance(block.content, bytes)])
    parts = [array(form, of).tobytes() for form, of in zip(_FORMS, columns, strict=True)]
    return _packed([*parts, texts.encode(), others])


def _written(ids: Sequence[ID | None], clients: dict[int, int]) -> tuple[list[int], list[int]]:
    return (
        [clients[name[0]] if name else 0 for name in ids],
        [name[1] if name else 0 for name in ids],
    )


def _packed(parts: Sequence[bytes]) -> bytes:
    whole = bytearray()
    for part in parts:
        write_bytes(whole, part)
    out = bytearray()
    for start in range(0, len(whole), CHUNK):
        write_bytes(out, compress(whole[start : start + CHUNK], 1))
    return bytes(out)


def read_columns(data: bytes, weave: Weave) -> Iterator[None]:
    """Fill an empty weave, about a millisecond's work at a time."""
    whole, pos = bytearray(), 0
    while pos < len(data):
        chunk, pos = read_bytes(data, pos)
        whole += decompress(chunk)
        yield
    table = _Table(bytes(whole))
    blocks: list[Block] = []
    rest = table.blocks()
    while made := list(islice(rest, ROWS)):
        weave.restore(made)
        blocks += made
        yield
    in_order = map(blocks.__getitem__, table.order)
    last = None
    while line := list(islice(in_order, 10 * ROWS)):
        last = weave.line_up(line, last)
        yield


class _Table:
    """The columns as they were written."""

    def __init__(self, data: bytes) -> None:
        pos, columns = 0, []
        for form in _FORMS:
            part, pos = read_bytes(data, pos)
            columns.append(array(form, part))
        texts, pos = read_bytes(data, pos)
        self._texts = texts.decode()
        self._others, _ = read_bytes(data, pos)
        self._clients, self._counts, *self._rows, self.order = columns

    def blocks(self) -> Iterator[Block]:
        """Every row as a block without neighbours."""
        rows = zip(*self._rows, strict=True)
        clients, text, other = [0, *self._clients], 0, 0
        for client, count in zip(self._clients, self._counts, strict=True):
            clock = 0
            for length, left, left_at, right, right_at, size, kind in islice(rows, count):
                content: str | bytes
                if kind & ~_DELETED == _STRING:
                    content, text = self._texts[text : text + size], text + size
                else:
                    content, other = self._others[other : other + size], other + size
                origin = (clients[left], left_at) if left else None
                right_origin = (clients[right], right_at) if right else None
                block = Block(
                    client, clock, length, kind & ~_DELETED, origin, right_origin, content
                )
                block.deleted = kind >= _DELETED
                clock += length
                yield block
