"""Carried text: what undo brings back keeps the author who first wrote it.

Undo does not revive deleted items, it inserts copies of them, under the client id of whoever
undoes. They can be told by what undo in Yjs and yrs does: a copy's right origin is the first ID of
the deleted original, and its text is the original's. Of each original at most one living copy is
carried, so nobody can put an author's words down twice, or anywhere but where they stood.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pycrdt import AttrRange, ContentAttribute, IdMap

from crdt.attribution import MINUTE_MS, Attribution, Run, source_of
from crdt.deletions import Deletion
from crdt.errors import StandsAgain
from crdt.standing import Standing
from crdt.structs import ID, Kind, Struct
from crdt.weave import Weave

FEW = 64  # deletions of one edit


class Carry:
    """Recognises carried text in one article and remembers which copy of a source is alive."""

    __slots__ = ("_copies", "_ledger", "_repeated", "_weave")

    def __init__(self, weave: Weave, ledger: Attribution) -> None:
        self._weave = weave
        self._ledger = ledger
        self._copies = IdMap()
        self._repeated = IdMap()

    def copies(self) -> bytes:
        """What it remembers of copies, for `restore`."""
        return self._copies.encode()

    def restore(self, copies: bytes) -> None:
        """Remember the copies that another one remembered, of this weave and ledger."""
        self._copies = IdMap.decode(copies)

    def learn(self, inserts: IdMap) -> None:
        """Remember the living copies of a ledger, or of a log row's `carried`; the weave has them.

        The dead ones could hide a living copy of the same source.
        """
        for client, part in inserts.entries():
            said = {a.name: a.value for a in part.attributes}
            if "carriedFrom" in said:
                self._learn(Deletion(client, part.start, part.end - part.start), said)

    def _learn(self, copy: Deletion, said: Mapping[str, str]) -> None:
        for block in self._weave.isolate(copy):
            if not block.deleted:
                source = source_of(said["carriedFrom"], block.clock)
                self._remember(source, (block.client, block.clock), block.length)

    def carry(self, structs: Iterable[Struct], author: str, at_ms: int) -> IdMap | None:
        """Give back to their first authors those of the admitted `structs` that are carried.

        Weave and ledger have the structs already, as their inserter's. Returns what was given back,
        for the log row of the edit, in the ledger's form (see Attribution); None for nothing.
        """
        kept = None
        for struct in structs:
            original = self._original(struct)
            for clock, run in list(self._originals(struct, original, author)) if original else ():
                kept = kept or IdMap()
                self._keep(kept, (struct.client, clock), run, author, at_ms)
        return kept

    def bring_back(self, copies: Iterable[tuple[Struct, ID]], author: str, at_ms: int) -> IdMap:
        """Give admitted structs to the first authors of the text from an ID on that each copies.

        Weave and ledger have the structs already, as `author`'s; returns what `carry` does.
        """
        kept = IdMap()
        for struct, original in copies:
            clock = struct.clock
            for run in self._ledger.runs(*original, struct.length):
                self._keep(kept, (struct.client, clock), run, author, at_ms)
                clock += run.length
        return kept

    def require_gone(
        self, copies: Iterable[tuple[Struct, ID]], deletions: Iterable[Deletion]
    ) -> None:
        """StandsAgain if text that `copies` bring back stands, but for what `deletions` take."""
        going = Standing(deletions)
        for struct, original in copies:
            stands = not self._weave.is_deleted(Deletion(*original, struct.length))
            for run in self._ledger.runs(*original, struct.length):
                stands = stands or any(not going.covers(*copy) for copy in self._living(run))
            if stands:
                raise StandsAgain("Some of that text stands in the article again.")

    def _living(self, run: Run) -> Iterator[Deletion]:
        """The copies of a run that are in the text now."""
        for part in self._copies.attributions(*run.source, run.length):
            if part.attributes:
                copy = source_of(part.attributes[0].value, part.start)
                for block in self._weave.isolate(Deletion(*copy, part.end - part.start)):
                    if not block.deleted:
                        yield Deletion(block.client, block.clock, block.length)

    def note_repeated(self, deletions: Sequence[Deletion], author: str) -> None:
        """Remember that `author` deleted, too, what was deleted already: that can be undone twice.

        Only while the article is in memory, and not for the long lists of a client that syncs.
        """
        if len(deletions) <= FEW:
            for deletion in deletions:
                self._repeated.insert(*deletion, [ContentAttribute("delete", author)])

    def _originals(self, struct: Struct, original: ID, author: str) -> Iterator[tuple[int, Run]]:
        """(clock of the copy, run of the original) for each part that is carried."""
        if not self._is_copy(struct, original):
            return
        if not self._has_deleted(author, original, struct.length):
            return
        clock = struct.clock
        for run in self._ledger.runs(*original, struct.length):
            for offset, length in self._without_living_copy(run):
                source = (run.source[0], run.source[1] + offset)
                yield clock + offset, run._replace(length=length, source=source)
            clock += run.length

    def _original(self, struct: Struct) -> ID | None:
        """The first ID of what `struct` would be a copy of.

        A long copy may come in parts; the later ones stand before the same original, and go on
        where the part before them ended.
        """
        if struct.kind != Kind.STRING or struct.right_origin is None:
            return None
        if not self._weave.find(struct.right_origin).deleted:  # by far the most typing
            return None
        before = (struct.client, struct.clock - 1)
        if struct.origin == before and self._weave.find(before).right_origin == struct.right_origin:
            (run,) = self._ledger.runs(*before, 1)
            if run.source != before:
                return run.source[0], run.source[1] + 1
        return struct.right_origin

    def _is_copy(self, struct: Struct, original: ID) -> bool:
        client, clock = original
        if not self._weave.knows(client, clock + struct.length - 1):
            return False
        units = str(struct.content).encode("utf-16-le")
        return self._weave.deleted_units(client, clock, struct.length) == units

    def _has_deleted(self, author: str, original: ID, length: int) -> bool:
        """Whether `author` was among those who deleted it: nobody undoes what others did.

        Without this, typing what somebody else had deleted just there would count as a copy.
        """
        client, clock = original
        return all(
            _says(part, author)
            or all(
                _says(again, author)
                for again in self._repeated.attributions(client, part.start, part.end - part.start)
            )
            for part in self._ledger.deletes.attributions(client, clock, length)
        )

    def _without_living_copy(self, run: Run) -> Iterator[tuple[int, int]]:
        """(offset, length) of the parts of a run of which no copy is in the text now."""
        for part in self._copies.attributions(*run.source, run.length):
            offset, length = part.start - run.source[1], part.end - part.start
            if not part.attributes:
                yield offset, length
                continue
            copy = source_of(part.attributes[0].value, part.start)
            for block in self._weave.isolate(Deletion(*copy, length)):
                if block.deleted:
                    yield offset + block.clock - copy[1], block.length

    def _keep(self, kept: IdMap, copy: ID, run: Run, author: str, at_ms: int) -> None:
        said = {
            "insert": run.author,
            "insertAt": run.at_ms,
            "carriedBy": author,
            "carriedAt": at_ms - at_ms % MINUTE_MS,
            "carriedFrom": f"{run.source[0]}:{run.source[1] - copy[1]}",
        }
        attributes = [ContentAttribute(name, value) for name, value in said.items()]
        kept.insert(*copy, run.length, attributes)
        self._ledger.inserts.remove(*copy, run.length)
        self._ledger.inserts.insert(*copy, run.length, attributes)
        self._remember(run.source, copy, run.length)

    def _remember(self, source: ID, copy: ID, length: int) -> None:
        self._copies.remove(*source, length)
        shift = f"{copy[0]}:{copy[1] - source[1]}"
        self._copies.insert(*source, length, [ContentAttribute("copy", shift)])


def _says(part: AttrRange, author: str) -> bool:
    return any(said.name == "delete" and said.value == author for said in part.attributes)
