"""The document: one Yjs replica of an article's text, for encoding what others lack."""

from collections.abc import Iterable

from pycrdt import Doc, Text, TransactionEvent

NOTHING = b"\x00\x00"  # an update that brings nothing


class BrokenDocument(Exception):  # noqa: N818 - the state of a thing, as its name says
    """The document may be half changed: drop it, and make it anew from the log."""


class Document:
    """A pycrdt document with the one root text named `root`, which begins with an update.

    Only what the gate admitted may be applied: yrs does not survive everything else.
    """

    def __init__(self, root: str, begun: bytes = NOTHING) -> None:
        self._doc: Doc[Text] = Doc(allow_multithreading=True)
        self._text = self._doc.get(root, type=Text)
        self._events: list[bytes] = []
        self.apply([begun])  # before anything listens: encoding it once more takes as long again
        self._subscription = self._doc.observe(self._note)

    def _note(self, event: TransactionEvent) -> None:
        self._events.append(event.update)

    def apply(self, payloads: Iterable[bytes]) -> bytes:
        """Apply complete updates in one transaction; return one update with all that was new.

        Neighbouring characters are fused in it. An empty byte string when nothing was new.
        BrokenDocument when yrs panicked, which is a BaseException of its own.
        """
        self._events.clear()
        updates = list(payloads)
        try:
            if len(updates) == 1:  # which is a transaction by itself
                self._doc.apply_update(updates[0])
            else:
                with self._doc.transaction():
                    for update in updates:
                        self._doc.apply_update(update)
        except BaseException as panic:
            if type(panic).__module__ != "pyo3_runtime":
                raise
            raise BrokenDocument("yrs panicked while it applied an update") from panic
        return self._events.pop() if self._events else b""

    def state_vector(self) -> bytes:
        """What this replica has, encoded: client id -> next clock."""
        return self._doc.get_state()

    def diff(self, state_vector: bytes) -> bytes:
        """An update with all that a replica with that (well-formed) state vector lacks."""
        return self._doc.get_update(state_vector)

    def text(self) -> str:
        """The visible text without embeds."""
        return str(self._text)

    def close(self) -> None:
        """Let go of the observer, which would keep the document in memory."""
        self._doc.unobserve(self._subscription)
