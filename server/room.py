"""A room: one article being edited on this server process.

The room's article runs ahead of the log while a turn is being committed, and nobody may see that
(law 1). What reads it therefore waits until the room is *at rest*: nothing in it is uncommitted.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crdt.attribution import Attribution, credits_of
from crdt.edit import Edit, merge_edits
from crdt.errors import MissingDependencies, Refusal
from crdt.livearticle import LiveArticle
from crdt.messages import encode_step_1, encode_step_2, encode_sync_update
from crdt.statevector import encode_state_vector
from persistence.authors import Author
from persistence.edits import row_of
from persistence.log import Append
from server.audience import Audience
from server.member import Member
from server.parking import Parking
from server.submission import Submission, Writer

NO_STATE = b"\x00"  # the state vector of a replica that has nothing


def _ignore(_refusal: Refusal) -> None:
    """Members are told by the close code."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one committer turn adds to one room; `update` is all of it in one update."""

    room: "Room"
    append: Append
    edits: tuple[Edit, ...]
    update: bytes
    at_ms: int
    writers: tuple[Writer, ...]


class Room:
    """Audience, queue and live article of one article; `wake` asks the committer for a turn."""

    def __init__(
        self,
        article: int,
        live: LiveArticle,
        audience: Audience,
        parking: Parking,
        wake: Callable[["Room"], None],
    ) -> None:
        self.article = article
        self.audience = audience
        self._live = live
        self._parking = parking
        self._wake = wake
        self._queue: deque[Submission] = deque()
        self._turn: Turn | None = None
        self._waiting: list[tuple[Callable[[LiveArticle], None], Callable[[Refusal], None]]] = []
        self._whole: tuple[int, bytes] = (-1, b"")  # (seq, the encoded document): a cache

    @property
    def head(self) -> int:
        """The last committed seq."""
        return self._live.head

    @property
    def idle(self) -> bool:
        """Whether nobody is here and nothing is under way."""
        return not (self.audience or self._queue or self._turn or self._waiting)

    def enter(self, member: Member, author: Author | None, *, ask: bool) -> None:
        """Welcome a member, and `ask` it for what it has and we do not."""
        self.audience.enter(member, author)
        if ask:
            self.at_rest(lambda live: member.put((encode_step_1(live.document.state_vector()),)))

    def at_rest(
        self, act: Callable[[LiveArticle], None], lost: Callable[[Refusal], None] = _ignore
    ) -> None:
        """Act when all that the live article holds is committed: now, or after this turn.

        `lost` is called instead when the room ends before.
        """
        if self._turn is None:
            act(self._live)
        else:
            self._waiting.append((act, lost))

    def join(self, member: Member, state_vector: bytes) -> None:
        """Answer a member that tells what it has: the ledger if it asked, then what it lacks."""
        self.at_rest(lambda live: self._answer(live, member, state_vector))

    def _answer(self, live: LiveArticle, member: Member, state_vector: bytes) -> None:
        if member.outbox.lagging:
            member.unanswered = state_vector
            return
        frames = [encode_step_2(self._lacking(live, state_vector))]
        if member.wants_attribution:
            frames.insert(0, self.audience.encode_attribution(live.head, live.ledger))
        member.joined = True
        member.put(tuple(frames), live.head)

    def _lacking(self, live: LiveArticle, state_vector: bytes) -> bytes:
        if state_vector != NO_STATE:
            return live.document.diff(state_vector)
        if self._whole[0] != live.head:
            self._whole = (live.head, live.document.diff(NO_STATE))
        return self._whole[1]

    def resume(self, member: Member) -> None:
        """Give a member that lagged and has the log again what else it missed."""
        if member.unanswered is not None:
            self.join(member, member.unanswered)
            member.unanswered = None
        self.audience.show_everybody(member)

    def submit(self, submission: Submission) -> None:
        """Queue an update for the next turn."""
        self._queue.append(submission)
        self._wake(self)

    def begin_turn(self, at_ms: int, more_time: Callable[[], bool]) -> Turn | None:
        """Gate and apply what is queued while there is `more_time`; None when nothing came in.

        The room is not at rest until `end_turn`.
        """
        admitted: list[tuple[Writer, Edit]] = []

        def attempt(submission: Submission) -> bool:
            edit = self._admit(submission, at_ms)
            if edit is not None:
                admitted.append((submission.writer, edit))
            return edit is not None

        while self._queue and more_time():
            self._attempt(attempt, self._queue.popleft())
        if admitted:
            self._parking.retry(attempt)
            self._turn = self._make_turn(admitted, at_ms)
        if self._queue:
            self._wake(self)
        return self._turn

    def _attempt(self, attempt: Callable[[Submission], bool], submission: Submission) -> None:
        try:
            attempt(submission)
        except MissingDependencies as missing:
            if submission.writer.stuck or not self._parking.park(submission):
                self._send_away(submission, missing)

    def _admit(self, submission: Submission, at_ms: int) -> Edit | None:
        """Gate one update; MissingDependencies when it has to wait."""
        writer = submission.writer
        try:
            edit = self._live.admit(submission.update, writer.author, at_ms, submission.rules)
        except MissingDependencies:
            raise
        except Refusal as refusal:
            writer.refused(refusal)
            return None
        if edit is None:
            writer.stored(self._live.head)
        return edit

    def _make_turn(self, admitted: list[tuple[Writer, Edit]], at_ms: int) -> Turn:
        edits = tuple(merge_edits(edit for _, edit in admitted))
        update = self._live.document.apply(edit.payload for edit in edits)
        rows = tuple(row_of(edit) for edit in edits)
        append = Append(self.article, self._live.head, rows, self._live.claims(edits))
        return Turn(self, append, edits, update, at_ms, tuple(writer for writer, _ in admitted))

    def end_turn(self, turn: Turn) -> None:
        """Show everybody, the senders too, what has been committed."""
        self._turn = None
        self._live.committed(turn.edits)
        self._fan_out(turn)
        for writer in turn.writers:
            writer.stored(self._live.head)
        waiting, self._waiting = self._waiting, []
        for act, _ in waiting:
            act(self._live)

    def _fan_out(self, turn: Turn) -> None:
        """Encode once and share the bytes."""
        joined = list(self.audience.joined())
        update = encode_sync_update(turn.update)
        plain: tuple[bytes, ...] = (update,)
        both = plain
        if any(member.wants_attribution for member in joined):
            both = (self.audience.encode_attribution(self.head, _added(turn)), update)
        for member in joined:
            member.put(both if member.wants_attribution else plain, self.head)

    def expire(self) -> None:
        """Send away what has been parked too long."""
        missing = MissingDependencies("It builds on an edit that did not arrive here.")
        for submission in self._parking.expired():
            self._send_away(submission, missing)

    def _send_away(self, submission: Submission, missing: MissingDependencies) -> None:
        """Have the client asked once for all that is missing; refuse when that was of no use."""
        vector = encode_state_vector(self._live.clocks())
        if not submission.writer.resync(vector):
            submission.writer.refused(missing)

    def close(self, refusal: Refusal) -> None:
        """Send everybody away, with a reason, and give the memory back."""
        self.audience.close(refusal)
        for writer in self._writers():
            writer.lost(refusal)
        for _, lost in self._waiting:
            lost(refusal)
        self._queue.clear()
        self._waiting.clear()
        self._parking.clear()
        self._live.close()

    def _writers(self) -> Iterator[Writer]:
        """Whoever waits for an update to be stored."""
        if self._turn is not None:
            yield from self._turn.writers
        yield from (submission.writer for submission in self._queue)


def _added(turn: Turn) -> Attribution:
    added = Attribution()
    for edit in turn.edits:
        added.merge(credits_of(edit, turn.at_ms))
    return added
