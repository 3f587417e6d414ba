"""An intake: the updates that are on their way into one live article.

An update is queued, then admitted by the gate or parked or refused; an admitted one is in the live
article, and not yet in the log until `settle`.
"""

from collections.abc import Callable, Iterator, Sequence

from crdt.concurrency import contradicts
from crdt.edit import Edit, merge_edits
from crdt.errors import ForeignClient, ForkedClient, MissingDependencies, Refusal
from crdt.livearticle import FORKED, LiveArticle
from crdt.typingrun import TypingRun
from crdt.update import decode_update
from server.parking import Parking
from server.queue import Queue
from server.slate import NO_SLATE, NoSlate
from server.submission import Submission, Writer
from server.turn import Turn, appended


def _nobody() -> bool:
    """Nobody else writes."""
    return False


class Intake:
    """Queue and parking in front of the live article with the id `article`.

    `missed` is called when an update builds on what is not here, or brings what another author
    wrote and is not here: it may be in the log. It says whether that will be looked at.
    """

    __slots__ = (
        "_admitted",
        "_arrived",
        "_article",
        "_doubtful",
        "_live",
        "_looked_for",
        "_missed",
        "_parking",
        "_queue",
        "_slate",
        "_unstored",
    )

    def __init__(
        self,
        article: int,
        live: LiveArticle,
        parking: Parking,
        slate: NoSlate = NO_SLATE,
        missed: Callable[[], bool] = _nobody,
    ) -> None:
        self._slate = slate
        self._missed = missed
        self._article = article
        self._live = live
        self._parking = parking
        self._queue = Queue()
        self._admitted: list[Edit] = []
        self._unstored: list[Submission] = []  # what was admitted
        self._doubtful: list[Submission] = []  # until the log is looked at
        self._looked_for: list[Submission] = []  # until it has been
        self._arrived = False  # rows of other processes, since what is parked was tried last

    @property
    def waiting(self) -> bool:
        """Whether anything is queued."""
        return bool(self._queue)

    @property
    def uncommitted(self) -> bool:
        """Whether the live article is ahead of the log."""
        return bool(self._admitted)

    def queue(self, submission: Submission) -> None:
        """Add an update."""
        self._queue.put(submission)

    def admit(self, at_ms: int, more_time: Callable[[], bool]) -> Turn | None:
        """Gate and apply what is queued while there is `more_time`; None when nothing came in."""
        try:
            return self._admit(at_ms, more_time)
        finally:
            self._slate.clear()

    def _admit(self, at_ms: int, more_time: Callable[[], bool]) -> Turn | None:
        def attempt(submission: Submission) -> bool:
            return self._attempt(submission, at_ms)

        while self._queue and more_time():
            if not self._attempt_run(at_ms):
                self._attempt_or_park(attempt, self._queue.first)
                self._queue.take(1)
        if self._parking and (self._admitted or self._arrived):
            self._arrived = False
            self._parking.retry(attempt, self._live.has)
        return self._turn(at_ms) if self._admitted else None

    def _attempt_run(self, at_ms: int) -> bool:
        """Gate at once all that goes on from the next update; False when nothing came of it.

        What is wrong is then found, and told, one by one.
        """
        if not self._queue.goes_on:
            return False
        first = self._queue.first
        run = self._live.joins(self._queue.of_first(), first.rules.limits)
        if run is None or not self._gate_run(first, run, at_ms):
            return False
        self._unstored += self._queue.take(run.length)
        return True

    def _gate_run(self, first: Submission, run: TypingRun, at_ms: int) -> bool:
        self._slate.note(self._article, first.writer.author, run.update)
        try:
            edit = self._admit_one(first, run.update, at_ms)
        except Refusal:
            return False
        if edit is None:
            return False
        self._keep(edit)
        return True

    def _admit_one(self, submission: Submission, update: bytes, at_ms: int) -> Edit | None:
        writer, restoration = submission.writer, submission.restoration
        if restoration is not None:
            return self._live.restore(restoration, writer.author, at_ms, submission.rules)
        return self._live.admit(update, writer.author, at_ms, submission.rules, writer.bring)

    def _keep(self, edit: Edit) -> None:
        self._slate.keep()
        self._admitted.append(edit)

    def _attempt_or_park(
        self, attempt: Callable[[Submission], bool], submission: Submission
    ) -> None:
        try:
            attempt(submission)
        except MissingDependencies as missing:
            if submission.writer.stuck or not self._parking.park(submission, missing.needed):
                self._send_away(submission, missing)
            else:
                self._missed()

    def _attempt(self, submission: Submission, at_ms: int) -> bool:
        """Gate one update, say whether it brought anything; MissingDependencies: it has to wait."""
        writer = submission.writer
        self._slate.note(self._article, writer.author, submission.update)
        try:
            edit = self._admit_one(submission, submission.update, at_ms)
        except MissingDependencies:
            raise
        except ForeignClient as refusal:
            if submission.sure or not self._missed():
                writer.refused(refusal)
            else:
                self._doubtful.append(submission)
            return False
        except Refusal as refusal:
            writer.refused(refusal)
            return False
        if edit is None:
            writer.stored(self._live.head)
            return False
        self._keep(edit)
        self._unstored.append(submission)
        return True

    def put_off(self, refusal: Refusal, more_time: Callable[[], bool]) -> None:
        """Turn away what is queued, but for what is known, while there is `more_time`."""
        while self._queue and more_time():
            self._put_off(self._queue.first, refusal)
            self._queue.take(1)

    def _put_off(self, submission: Submission, refusal: Refusal) -> None:
        writer = submission.writer
        try:
            known = self._live.knows(submission.update, submission.rules.limits)
        except Refusal as wrong:
            writer.refused(wrong)
            return
        if known:
            writer.stored(self._live.head)
        else:
            writer.put_off(refusal)

    def _turn(self, at_ms: int) -> Turn:
        edits = merge_edits(self._admitted)
        self._slate.apply()
        update = self._live.document.apply(edit.payload for edit in edits)
        append = appended(self._article, self._live.head, edits, self._live.claims(edits))
        return Turn(append, edits, update, at_ms)

    def settle(self, turn: Turn) -> list[Writer]:
        """Note that a turn is committed; give the writers to be told."""
        self._live.committed(turn.edits)
        self._admitted.clear()
        stored, self._unstored = self._unstored, []
        return [submission.writer for submission in stored]

    def arrived(self) -> bool:
        """Note that other processes' rows are in the live article; whether that may let some in."""
        self._arrived = bool(self._parking)
        return self._arrived

    def look(self) -> None:
        """Note that a look at the log begins: what comes into doubt later needs another one."""
        self._looked_for += self._doubtful
        self._doubtful.clear()

    def looked(self) -> bool:
        """Note that the log has been looked at; whether there is something to gate once more."""
        found, self._looked_for = self._looked_for, []
        self._queue.put_back([submission._replace(sure=True) for submission in found])
        return bool(found)

    def renew(self, live: LiveArticle, between: Sequence[Edit]) -> None:
        """Go on with another live article, in which what was admitted and not stored is not.

        It is gated again, but for what contradicts `between`, the edits of others that have come
        into the log instead.
        """
        self._live = live
        unstored, self._unstored = self._unstored, []
        self._admitted.clear()
        forked = [submission for submission in unstored if _contradicts(submission, between)]
        self._queue.put_back([s for s in unstored if s not in forked])
        for submission in forked:
            submission.writer.refused(ForkedClient(FORKED))

    def send_away_expired(self) -> None:
        """Send away what has been parked too long; only while nothing is uncommitted."""
        missing = MissingDependencies("It builds on an edit that did not arrive here.")
        for submission in self._parking.expired():
            self._send_away(submission, missing)

    def _send_away(self, submission: Submission, missing: MissingDependencies) -> None:
        """Have the client asked once for all that is missing; refuse when that was of no use.

        The document has only what is committed here: it gets a turn's edits after all are gated.
        """
        if not submission.writer.resync(self._live.document.state_vector()):
            submission.writer.refused(missing)

    def lose(self, refusal: Refusal) -> None:
        """Tell whoever waits for an update to be stored that it will not be, and forget all."""
        for writer in self._writers():
            writer.lost(refusal)
        self._missed = _nobody  # it knows the room, which is to leave memory at once
        self._queue.clear()
        self._admitted.clear()
        self._unstored.clear()
        self._doubtful.clear()
        self._looked_for.clear()
        self._parking.clear()

    def _writers(self) -> Iterator[Writer]:
        waiting = (*self._unstored, *self._doubtful, *self._looked_for, *self._queue)
        yield from (submission.writer for submission in waiting)


def _contradicts(submission: Submission, between: Sequence[Edit]) -> bool:
    update = decode_update(submission.update, submission.rules.limits)
    return contradicts(update.structs, (struct for edit in between for struct in edit.structs))
