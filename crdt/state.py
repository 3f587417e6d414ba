"""A state: everything up to a point of an article's log, as bytes that can be kept."""

from dataclasses import dataclass

from pycrdt import IdMap

from crdt.attribution import Attribution
from crdt.columns import FORM
from crdt.encoding import read_bytes, write_bytes
from crdt.update import encode_update


@dataclass(frozen=True, slots=True)
class State:
    """Everything up to `seq`: an update with the whole document, and the packed ledger.

    `weave` has the deleted text, too, and every block in its place (see columns); `copies` are
    those that are carried (see Carry). Without them, b"", the update stands for the weave.
    """

    seq: int
    update: bytes
    attribution: bytes
    weave: bytes = b""
    copies: bytes = IdMap().encode()

    def pack(self) -> bytes:
        """All but `seq` and `attribution`, for a checkpoint."""
        out = bytearray(FORM)
        for part in (self.update, self.weave, self.copies):
            write_bytes(out, part)
        return bytes(out)

    @staticmethod
    def unpack(seq: int, packed: bytes, attribution: bytes) -> "State | None":
        """The inverse of `pack`; None where it is in another form than this program's."""
        if not packed.startswith(FORM):
            return None
        update, pos = read_bytes(packed, len(FORM))
        weave, pos = read_bytes(packed, pos)
        copies, _ = read_bytes(packed, pos)
        return State(seq, update, attribution, weave, copies)


EMPTY = State(0, encode_update((), ()), Attribution().pack())
