"""The document: one Yjs replica of an article's text, for encoding what others lack."""

from collections.abc import Iterable

from pycrdt import Doc, NewTransaction, Text, TransactionEvent

NOTHING = b"\x00\x00"  # an update that brings nothing
NO_STATE = b"\x00"  # the state vector of a replica that has nothing
LONG = 1 << 16  # bytes of an update that take some milliseconds to read


class BrokenDocument(Exception):  # noqa: N818 - the state of a thing, as its name says
    """The document may be half changed: drop it, and make it anew from the log."""


class Document:
    """A pycrdt document with the one root text named `root`, which begins with an update.

    A long update is read when anything of it is asked for that is not the whole, or by `open`,
    which takes some hundredths of a second: who has nothing gets the update as it is.
    Only what the gate admitted may be applied: yrs does not survive everything else.
    """

    __slots__ = ("__weakref__", "_doc", "_events", "_subscription", "_text", "_unread")

    def __init__(self, root: str, begun: bytes = NOTHING) -> None:
        self._doc: Doc[Text] = Doc(allow_multithreading=True)
        self._text = self._doc.get(root, type=Text)
        self._events: list[bytes] = []
        self._unread = begun
        self._subscription = self._doc.observe(self._note)
        if len(begun) < LONG:
            self.open()

    def _note(self, event: TransactionEvent) -> None:
        if not self._unread:  # encoding it once more would take as long again
            self._events.append(event.update)

    @property
    def opened(self) -> bool:
        """Whether what it begins with has been read."""
        return not self._unread

    def open(self) -> None:
        """Read what it begins with, on any thread: the interpreter does other things meanwhile.

        BrokenDocument as in `apply`.
        """
        with self._alone():
            if self._unread:
                self._take([self._unread])
        self._unread = b""

    def _alone(self) -> NewTransaction:
        """Wait until no other thread reads what it begins with."""
        return self._doc.new_transaction()

    def apply(self, payloads: Iterable[bytes]) -> bytes:
        """Apply complete updates in one transaction; return one update with all that was new.

        Neighbouring characters are fused in it. An empty byte string when nothing was new.
        BrokenDocument when yrs panicked, which is a BaseException of its own.
        """
        if self._unread:
            self.open()
        self._events.clear()
        self._take(list(payloads))
        return self._events.pop() if self._events else b""

    def _take(self, updates: list[bytes]) -> None:
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

    def state_vector(self) -> bytes:
        """What this replica has, encoded: client id -> next clock."""
        self.open()
        return self._doc.get_state()

    def diff(self, state_vector: bytes) -> bytes:
        """An update with all that a replica with that (well-formed) state vector lacks."""
        if state_vector == NO_STATE and (whole := self._unread):
            return whole
        self.open()
        return self._doc.get_update(state_vector)

    def text(self) -> str:
        """The visible text without embeds."""
        self.open()
        return str(self._text)

    def close(self) -> None:
        """Let go of the observer, which would keep the document in memory."""
        with self._alone():
            self._doc.unobserve(self._subscription)
