"""A live article: all that the server holds in memory of one article at its head."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pycrdt import IdMap

from crdt.attribution import Attribution, credits_of
from crdt.carry import Carry
from crdt.document import Document
from crdt.edit import Edit
from crdt.gate import Gate, Rules, any_number
from crdt.limits import UpdateLimits
from crdt.ownership import Ownership
from crdt.spans import Span, spans
from crdt.update import decode_update, encode_update
from crdt.weave import Weave

# What our own log and checkpoints may hold: whatever was admitted, piece by piece.
OWN_LIMITS = UpdateLimits(size=2**31, structs=2**31, deletions=2**31, clients=2**31, values=2**31)


@dataclass(frozen=True, slots=True)
class State:
    """Everything up to `seq`: an update with all content, deleted text included, and the ledger."""

    seq: int
    update: bytes
    attribution: bytes


EMPTY = State(0, encode_update((), ()), Attribution().encode())


class LiveArticle:
    """Weave, document, ledger and ownership of one article, always of one mind.

    `head` is the seq of the last log row that it contains, `restored` of the state that it began
    with. An edit is admitted first (weave and ledger have it), then applied (the document has it),
    then committed by the caller; a caller whose commit fails throws the value away and makes a new
    one from the log.
    """

    def __init__(
        self, root: str, owners: Mapping[int, str], most_claims: int, state: State = EMPTY
    ) -> None:
        self.head = self.restored = state.seq
        self.ownership = Ownership(owners, most_claims)
        self.ledger = Attribution.decode(state.attribution)
        self.document = Document(root)
        self._root = root
        self._weave = Weave()
        self._restore(state.update)
        self._gate = Gate(self._weave, self.ownership, root)
        self._carry = Carry(self._weave, self.ledger)

    def _restore(self, data: bytes) -> None:
        update = decode_update(data, OWN_LIMITS)
        self._weave.integrate(update.structs, update.deletions)
        self.document.apply([data])

    def replay(self, rows: Sequence[tuple[int, Edit]]) -> None:
        """Take in log rows after the head, in seq order, each with its time (Unix ms).

        They were admitted once, so nothing is asked again.
        """
        for at_ms, edit in rows:
            self._weave.integrate(edit.structs, edit.deletions)
            self.ledger.merge(credits_of(edit, at_ms))
            if edit.carried is not None:
                self._carry.learn(IdMap.decode(edit.carried))
        self.document.apply([edit.payload for _, edit in rows])
        self.committed([edit for _, edit in rows])

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
        admission = self._gate.admit(data, author, rules, bring)
        self._carry.note_repeated(admission.repeated, author)
        if not admission:
            return None
        edit = Edit(author, admission.structs, admission.deletions, admission.payload, None)
        self.ledger.merge(credits_of(edit, at_ms))
        kept = self._carry.carry(admission.structs, author, at_ms)
        return replace(edit, carried=kept.encode()) if kept else edit

    def knows(self, data: bytes, limits: UpdateLimits) -> bool:
        """Whether nothing of the update `data` would be new. MalformedUpdate, UpdateTooLarge."""
        update, clocks = decode_update(data, limits), self._weave.clocks
        return all(s.clock + s.length <= clocks.get(s.client, 0) for s in update.structs) and all(
            map(self._weave.is_deleted, update.deletions)
        )

    def committed(self, edits: Sequence[Edit]) -> None:
        """Note that these edits, applied already, are the next rows of the log."""
        for edit in edits:
            for client in edit.clients:
                self.ownership.store(client, edit.author)
        self.head += len(edits)

    def claims(self, edits: Sequence[Edit]) -> dict[int, str]:
        """The owners that are to be stored with these edits: client id -> author id."""
        return {
            client: edit.author
            for edit in edits
            for client in edit.clients
            if not self.ownership.is_stored(client)
        }

    def state(self) -> State:
        """Everything up to the head; a live article made from it is equal to this one."""
        update = encode_update(
            tuple(self._weave.structs(self._root)), tuple(self._weave.deletions())
        )
        return State(self.head, update, self.ledger.encode())

    def clocks(self) -> dict[int, int]:
        """The state vector: client id -> next clock."""
        return dict(self._weave.clocks)

    def text(self) -> str:
        """The visible text."""
        return self.document.text()

    def spans(self) -> list[Span]:
        """Who wrote the visible text: spans that cover it exactly, in code points."""
        return spans(self._weave, self.ledger)

    def close(self) -> None:
        """Give the memory back; it cannot be used any more."""
        self.document.close()
        self._weave.clear()
