"""A live article: all that the server holds in memory of one article at its head."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from crdt.attribution import Attribution
from crdt.columns import quickly_written
from crdt.concurrency import contradicts
from crdt.deletions import Deletion
from crdt.document import NO_STATE, Document
from crdt.edit import Edit
from crdt.errors import ForkedClient
from crdt.gate import Rules, any_number
from crdt.limits import OWN_LIMITS, UpdateLimits
from crdt.loom import Loom
from crdt.ownership import Ownership
from crdt.restoration import Restoration
from crdt.spans import Span, spans
from crdt.state import EMPTY, State
from crdt.statevector import decode_state_vector, encode_state_vector
from crdt.structs import ID, Struct
from crdt.typingrun import TypingRun, typing_run
from crdt.update import decode_update
from crdt.weave import Weave

FEW = 64  # structs of one update
FORKED = "Another copy of this editor has written something else in the same place."


class LiveArticle:
    """Document, ledger, ownership and loom of one article, always of one mind.

    `head` is the seq of the last log row that it contains, `restored` of the state that it began
    with, `grown` the bytes of the rows between. An edit is admitted first (weave and ledger have
    it), then applied (the document has it), then committed by the caller; a caller whose commit
    fails throws the value away and makes a new one from the log.

    Right after it was made from a checkpoint it knows its ledger, and its document as the update
    that a new replica gets. The rest is prepared step by step: see `prepare`. Whatever needs more
    than that prepares all of it first.
    """

    __slots__ = (
        "__weakref__",
        "_loom",
        "document",
        "grown",
        "head",
        "ledger",
        "ownership",
        "restored",
    )

    def __init__(
        self, root: str, owners: Mapping[int, str], most_claims: int, state: State = EMPTY
    ) -> None:
        self.head = self.restored = state.seq
        self.grown = 0
        self.ownership = Ownership(owners, most_claims)
        self.ledger = Attribution.unpack(state.attribution)
        self.document = Document(root, state.update)
        self._loom = Loom(root, self.ownership, self.ledger, state)

    @property
    def ready(self) -> bool:
        """Whether edits can be admitted, and spans told, without preparing anything."""
        return self._loom.ready and self.document.opened

    def prepare(self) -> bool:
        """Work for about a millisecond towards being ready; whether it is.

        The first time it opens the document, where nobody has: that takes longer.
        """
        self.document.open()
        return self._loom.step()

    @property
    def weave(self) -> Weave:
        """Every ID in document order; to be read, never changed."""
        self._loom.finish()
        return self._loom.weave

    def replay(self, rows: Sequence[tuple[int, Edit]]) -> bytes:
        """Take in log rows after the head, in seq order, each with its time (Unix ms).

        They were admitted once, so nothing is asked again. Edits that were admitted and applied
        here and will follow these rows in the log must commute with them. Returns one update with
        all that was new.
        """
        for at_ms, edit in rows:
            self.ledger.credit(edit, at_ms)
            self._loom.replay(edit)
        update = self.document.apply([edit.payload for _, edit in rows])
        self.committed([edit for _, edit in rows])
        return update

    def admit(
        self,
        data: bytes,
        author: str,
        at_ms: int,
        rules: Rules,
        bring: Callable[[int], None] = any_number,
    ) -> Edit | None:
        """Gate the update `data` by `author`; None when all of it was known.

        Raises the gate's refusals, and those of `bring`; then nothing has changed.
        """
        loom = self._loom
        loom.finish()
        admission = loom.gate.admit(data, author, rules, bring, self._require_same)
        loom.carry.note_repeated(admission.repeated, author)
        if not admission:
            return None
        edit = Edit(author, admission.structs, admission.deletions, admission.payload, None)
        self.ledger.credit(edit, at_ms)
        kept = loom.carry.carry(admission.structs, author, at_ms)
        return edit._replace(carried=kept.encode()) if kept else edit

    def _require_same(self, structs: Sequence[Struct]) -> None:
        """ForkedClient if something else stands under the clocks that these structs repeat.

        Honest clients repeat little, and seldom: longer repetitions are let pass without a look.
        """
        if len(structs) > FEW:
            return
        before = decode_state_vector(self.document.state_vector(), OWN_LIMITS)
        for struct in structs:
            before[struct.client] = min(before.get(struct.client, 0), struct.clock)
        stored = decode_update(self.document.diff(encode_state_vector(before)), OWN_LIMITS).structs
        if contradicts(structs, stored):
            raise ForkedClient(FORKED)

    def restore(
        self, restoration: Restoration, author: str, at_ms: int, rules: Rules
    ) -> Edit | None:
        """Admit what the server computed itself, its copies under their first authors' names.

        None when all of it was known. Raises the gate's refusals, and StandsAgain where a copy of
        the same text came meanwhile (it is to be computed again); then nothing has changed.
        """
        loom = self._loom
        loom.finish()
        loom.carry.require_gone(*restoration)
        admission = loom.gate.admit(restoration.update, author, rules)
        if not admission:
            return None
        edit = Edit(author, admission.structs, admission.deletions, admission.payload, None)
        self.ledger.credit(edit, at_ms)
        kept = loom.carry.bring_back(restoration.copies, author, at_ms)
        return edit._replace(carried=kept.encode()) if restoration.copies else edit

    def joins(self, updates: Iterable[bytes], limits: UpdateLimits) -> TypingRun | None:
        """The typing run that the updates begin with, if it may be admitted as one.

        In front of deleted text it may not: what comes there may be a copy, to which every part of
        it matters (see Carry).
        """
        run = typing_run(updates, limits)
        if run is None or run.right_origin is None:
            return run
        client, clock = run.right_origin
        return None if self.weave.is_deleted(Deletion(client, clock, 1)) else run

    def has(self, identity: ID) -> bool:
        """Whether the ID has been inserted."""
        return self.weave.knows(*identity)

    def knows(self, data: bytes, limits: UpdateLimits) -> bool:
        """Whether nothing of the update `data` would be new. MalformedUpdate, UpdateTooLarge."""
        update, clocks = decode_update(data, limits), self.weave.clocks
        return all(s.clock + s.length <= clocks.get(s.client, 0) for s in update.structs) and all(
            map(self.weave.is_deleted, update.deletions)
        )

    def committed(self, edits: Sequence[Edit]) -> None:
        """Note that these edits, applied already, are the next rows of the log."""
        for edit in edits:
            for client in edit.clients:
                self.ownership.store(client, edit.author)
            self.grown += len(edit.payload)
        self.head += len(edits)

    def claims(self, edits: Sequence[Edit]) -> dict[int, str]:
        """The owners that are to be stored with these edits: client id -> author id."""
        return {
            client: edit.author
            for edit in edits
            for client in edit.clients
            if not self.ownership.is_stored(client)
        }

    @property
    def quickly_told(self) -> bool:
        """Whether an event loop may wait for `state`: some milliseconds at most."""
        return self.ready and quickly_written(self._loom.weave)

    def state(self) -> State:
        """Everything up to the head; a live article made from it is equal to this one.

        Only while all that was admitted has been applied, too.
        """
        self._loom.finish()
        update = self.document.diff(NO_STATE)
        return State(self.head, update, self.ledger.pack(), *self._loom.pack())

    def clocks(self) -> dict[int, int]:
        """The state vector: client id -> next clock."""
        return dict(self.weave.clocks)

    def text(self) -> str:
        """The visible text."""
        return self.document.text()

    def spans(self) -> list[Span]:
        """Who wrote the visible text: spans that cover it exactly, in code points."""
        return spans(self.weave, self.ledger)

    def close(self) -> None:
        """Give the memory back; it cannot be used any more."""
        self.document.close()
        self._loom.close()
