"""The gate: may this update, from this author, enter this document?

Nothing reaches a pycrdt document but what came through here: yrs kills or hangs the process on
updates that no honest client writes. The order is structure, ownership, dependencies, place; an
update that is refused leaves no trace.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crdt.block import Block
from crdt.causality import Sections, by_client, in_causal_order
from crdt.deletions import Deletion
from crdt.errors import Refusal, StructureRefused, TooEntangled
from crdt.ownership import Ownership
from crdt.structs import Kind, Struct
from crdt.update import UpdateLimits, decode_update, encode_update, suffix
from crdt.weave import Weave

_STRING = int(Kind.STRING)
ALLOWED = frozenset({Kind.DELETED, Kind.STRING, Kind.EMBED, Kind.FORMAT})


class Admission(NamedTuple):
    """What of an admitted update is new; it stands in the weave already.

    `structs` are in causal order. `payload` is an update with exactly these structs and deletions.
    """

    structs: tuple[Struct, ...]
    deletions: tuple[Deletion, ...]
    payload: bytes
    repeated: tuple[Deletion, ...]  # the update's deletions of what was deleted already

    def __bool__(self) -> bool:
        """Whether anything in it is new."""
        return bool(self.structs or self.deletions)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one update may hold, and how many steps finding the places of its structs may take."""

    limits: UpdateLimits
    steps: int


def any_number(_clients: int) -> None:
    """Let somebody bring any number of new client ids."""


def anything(_structs: Sequence[Struct]) -> None:
    """Let somebody repeat whatever it is."""


class Gate:
    """The entrance of one article whose text is the root named `root`."""

    __slots__ = ("_ownership", "_root", "_weave")

    def __init__(self, weave: Weave, ownership: Ownership, root: str) -> None:
        self._weave = weave
        self._ownership = ownership
        self._root = root

    def admit(
        self,
        data: bytes,
        author: str,
        rules: Rules,
        bring: Callable[[int], None] = any_number,
        repeat: Callable[[Sequence[Struct]], None] = anything,
    ) -> Admission:
        """Let the update `data` by `author` into the weave, whole or not at all.

        What is known already falls away; `repeat` is told of structs that are known, or begin so,
        if any are, and may refuse them. `bring` is told how many client ids are new here, if any
        are, and may refuse them. Refusals: MalformedUpdate, UpdateTooLarge,
        StructureRefused, ForeignClient, MissingDependencies (it may pass later), TooEntangled (it
        may pass with more steps).
        """
        update = decode_update(data, rules.limits)
        if len(update.structs) == 1 and not update.deletions and self._is_next(update.structs[0]):
            return self._admit_next(update.structs[0], data, author, rules.steps)
        sections = by_client(self._unknown(update.structs))
        for client in sections:
            self._ownership.require(client, author)
        known = [s for s in update.structs if s.clock < self._weave.clocks.get(s.client, 0)]
        if known:
            repeat(known)
        before = {client: self._weave.clocks.get(client, 0) for client in sections}
        try:
            structs, steps = self._integrate(sections, rules.steps)
            if not all(before.values()):
                bring(list(before.values()).count(0))
            repeated = list(filter(self._weave.is_deleted, update.deletions))
            pieces = self._isolate(update.deletions, steps)
        except Refusal:
            self._weave.truncate(before)
            raise
        repeated += [Deletion(b.client, b.clock, b.length) for b in pieces if b.deleted]
        deletions = _delete(pieces) + _born_deleted(structs)
        whole = structs == list(update.structs) and deletions == list(update.deletions)
        payload = data if whole else encode_update(structs, deletions)
        return Admission(tuple(structs), tuple(deletions), payload, tuple(repeated))

    def _is_next(self, struct: Struct) -> bool:
        """Whether it is text that continues its client's and misses nothing: by far the most."""
        client, clock, _, kind, origin, right_origin, _, _, _ = struct
        clocks = self._weave.clocks
        return (
            kind == _STRING
            and clocks.get(client) == clock
            and (origin is None or origin[1] < clocks.get(origin[0], 0))
            and (right_origin is None or right_origin[1] < clocks.get(right_origin[0], 0))
        )

    def _admit_next(self, struct: Struct, data: bytes, author: str, steps: int) -> Admission:
        self._check_structure(struct)
        self._ownership.require(struct.client, author)
        self._weave.insert(struct, steps)
        return Admission((struct,), (), data, ())

    def _unknown(self, structs: Iterable[Struct]) -> Iterator[Struct]:
        """The structs without the prefixes that are known."""
        for struct in structs:
            self._check_structure(struct)
            known = self._weave.clocks.get(struct.client, 0) - struct.clock
            if known < struct.length:
                yield suffix(struct, known) if known > 0 else struct

    def _check_structure(self, struct: Struct) -> None:
        if struct.kind not in ALLOWED:
            raise StructureRefused("The document holds text, marks and embeds only.")
        if struct.parent_sub is not None or struct.parent not in {None, self._root}:
            raise StructureRefused(f"The document's only place for text is '{self._root}'.")
        for origin in (struct.origin, struct.right_origin):
            if origin is not None and origin[0] == struct.client and origin[1] >= struct.clock:
                raise StructureRefused("An insertion depends on itself.")

    def _integrate(self, sections: Sections, steps: int) -> tuple[list[Struct], int]:
        structs: list[Struct] = []
        for struct in in_causal_order(sections, self._weave.clocks):
            steps = self._weave.insert(struct, steps)
            structs.append(struct)
        return structs, steps

    def _isolate(self, deletions: Sequence[Deletion], steps: int) -> list[Block]:
        pieces: list[Block] = []
        for deletion in deletions:
            if self._weave.is_deleted(deletion):  # a synced client tells all it ever deleted
                continue
            pieces += self._weave.isolate(deletion)
            if len(pieces) > steps:
                raise TooEntangled("The deletion touches too many pieces of text.")
        return pieces


def _delete(pieces: Iterable[Block]) -> list[Deletion]:
    """Mark the blocks deleted; return what was not so before, neighbours in one range."""
    fresh: list[Deletion] = []
    for block in pieces:
        if block.deleted:
            continue
        block.deleted = True
        if fresh and (fresh[-1].client, fresh[-1].clock + fresh[-1].length) == (
            block.client,
            block.clock,
        ):
            fresh[-1] = fresh[-1]._replace(length=fresh[-1].length + block.length)
        else:
            fresh.append(Deletion(block.client, block.clock, block.length))
    return fresh


def _born_deleted(structs: Iterable[Struct]) -> list[Deletion]:
    return [Deletion(s.client, s.clock, s.length) for s in structs if s.kind == Kind.DELETED]
