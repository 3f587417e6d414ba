"""A room: one article being edited on this server process.

The room's article runs ahead of the log while a turn is being committed, and nobody may see that
(law 1). What reads it therefore waits until the room is *at rest*: nothing in it is uncommitted.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from crdt.deletions import Deletion
from crdt.document import NO_STATE
from crdt.errors import Refusal
from crdt.livearticle import LiveArticle
from persistence.authors import Author
from server.arrival import Arrival, credited
from server.audience import Audience
from server.following import Following
from server.intake import Intake
from server.lacking import Lacking
from server.member import Member
from server.parking import Parking
from server.preparing import Preparation
from server.rest import Act, Lost, Rest
from server.slate import NO_SLATE, NoSlate
from server.submission import Submission
from server.turn import Turn

T = TypeVar("T")


def _ignore(_refusal: Refusal) -> None:
    """Members are told by the close code."""


def _alone(_room: "Room") -> bool:
    """Nobody else writes."""
    return False


class Room:
    """Audience, intake and live article of one article.

    `wake` asks the committer for a turn, `look` has the log read for rows that are missing here,
    if others may have stored any.
    """

    __slots__ = (
        "__weakref__",
        "_ended",
        "_following",
        "_intake",
        "_lacking",
        "_live",
        "_look",
        "_paused",
        "_preparation",
        "_rest",
        "_wake",
        "article",
        "audience",
    )

    def __init__(
        self,
        article: int,
        live: LiveArticle,
        audience: Audience,
        parking: Parking,
        wake: Callable[["Room"], None],
        slate: NoSlate = NO_SLATE,
        look: Callable[["Room"], bool] = _alone,
    ) -> None:
        self.article = article
        self.audience = audience
        self._live = live
        self._intake = Intake(article, live, parking, slate, lambda: look(self))
        self._wake = wake
        self._look = look
        self._paused = False  # until it is renewed
        self._following = Following()
        self._preparation = self._preparing(live)
        self._ended: Refusal | None = None
        self._rest = Rest()
        self._lacking = Lacking(audience.encode_attribution)

    @property
    def head(self) -> int:
        """The last committed seq."""
        return self._live.head

    @property
    def restored(self) -> int:
        """The seq of the state that it was loaded from."""
        return self._live.restored

    @property
    def grown(self) -> int:
        """The bytes of the rows that have come since the state that it was loaded from."""
        return self._live.grown

    @property
    def quickly_told(self) -> bool:
        """Whether all of its state can be had, at rest, while the event loop waits for it."""
        return self._live.quickly_told

    @property
    def idle(self) -> bool:
        """Whether nobody is here and nothing is under way."""
        under_way = self._intake.waiting or self._intake.uncommitted or self._rest
        return not (self.audience or under_way)

    @property
    def resting(self) -> bool:
        """Whether all that the live article holds is committed."""
        return not self._intake.uncommitted

    @property
    def ended(self) -> bool:
        """Whether it has been closed."""
        return self._ended is not None

    def enter(self, member: Member, author: Author | None, *, ask: bool) -> None:
        """Welcome a member, and `ask` it for what it has and we do not."""
        if author is not None and self.audience.renames(author):
            self._lacking.forget()
        self.audience.enter(member, author)
        if self._ended is not None:  # since the handshake
            member.close(self._ended)
        elif ask:
            self._preparation.soon()
            self._when_at_rest(lambda live: member.ask(live.document.state_vector()), _ignore)

    def at_rest(self, act: Act, lost: Lost = _ignore) -> None:
        """Act when all that the live article holds is committed: now, or after this turn.

        `lost` is called instead when the room ends before.
        """
        self._when_at_rest(act, lost)
        if self._rest:  # for the document, it may be; then it is to be opened now
            self._preparation.begin()

    @property
    def _at_rest(self) -> bool:
        """Whether it is resting, and its document can be asked without waiting for it."""
        return self.resting and self._live.document.opened

    def _when_at_rest(self, act: Act, lost: Lost) -> None:
        if self._ended is not None:
            lost(self._ended)
        elif self._at_rest:
            act(self._live)
        else:
            self._rest.wait(act, lost)

    async def look(self, look: Callable[[LiveArticle], T]) -> T:
        """Give what `look` sees when the room is at rest; the refusal when it ends before."""
        seen: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def act(live: LiveArticle) -> None:
            if not seen.done():  # whoever asked may have gone
                seen.set_result(look(live))

        def lost(refusal: Refusal) -> None:
            if not seen.done():
                seen.set_exception(refusal)

        self.at_rest(act, lost)
        return await seen

    def join(self, member: Member, state_vector: bytes) -> None:
        """Answer a member that tells what it has: the ledger if it asked, then what it lacks.

        Of several that wait for an answer only the last gets one.
        """
        waiting = member.unanswered is not None
        member.unanswered = state_vector
        if waiting:
            return
        if state_vector == NO_STATE and not self._live.document.opened:
            self._answer(self._live, member)  # with what it was loaded from, which is committed
        else:
            self.at_rest(lambda live: self._answer(live, member))

    def _answer(self, live: LiveArticle, member: Member) -> None:
        state_vector = member.unanswered
        if state_vector is None or member.outbox.lagging:
            return
        if member.put(self._lacking.of(live, state_vector, told=member.wants_attribution)):
            member.joined, member.unanswered = True, None

    def resume(self, member: Member) -> None:
        """Give a member that lagged and has the log again what else it missed."""
        if member.unanswered is not None:
            self.at_rest(lambda live: self._answer(live, member))
        self.audience.show_everybody(member)

    def undeleted(self, encoded: bytes) -> list[Deletion]:
        """What of a set of deletions, as it stands in an update that was read, is new here."""
        return self._live.ledger.undeleted(encoded)

    def submit(self, submission: Submission) -> None:
        """Queue an update for the next turn."""
        if self._ended is not None:
            submission.writer.lost(self._ended)
            return
        self._intake.queue(submission)
        self._wake(self)

    def begin_turn(self, at_ms: int, more_time: Callable[[], bool]) -> Turn | None:
        """Gate and apply what is queued while there is `more_time`; None when nothing came in.

        The room is not at rest until `end_turn`.
        """
        if self._paused:
            return None
        if not self._live.ready:
            self._preparation.begin()  # and it wakes us
            return None
        turn = self._intake.admit(at_ms, more_time)
        if self._intake.waiting:
            self._wake(self)
        return turn

    def put_off(self, refusal: Refusal, more_time: Callable[[], bool]) -> None:
        """Turn away what is queued, since nothing can be stored, while there is `more_time`."""
        if self._paused:
            return
        self._intake.put_off(refusal, more_time)
        if self._intake.waiting:
            self._wake(self)

    def ask_again(self) -> None:
        """Ask those whose edits were put off for all that is not here."""
        owing = [member for member in self.audience if member.owing]

        def ask(live: LiveArticle) -> None:
            for member in owing:
                member.ask_again(live.document.state_vector())

        if owing:
            self.at_rest(ask)

    def end_turn(self, turn: Turn) -> None:
        """Show everybody, the senders too, what has been committed, and the rows that waited."""
        if self._ended is not None:
            return
        writers, seq = self._intake.settle(turn), self.head
        for writer in writers:
            writer.stored(seq)
        self.audience.show(turn.update, seq, turn.added)
        self._come_to_rest()

    def _come_to_rest(self) -> None:
        if self._at_rest:
            self._rest.reached(self._live)
            self._catch_up()

    def _preparing(self, live: LiveArticle) -> Preparation:
        return Preparation(live, self._come_to_rest, lambda: self._wake(self))

    def follow(self, arrivals: Sequence[Arrival]) -> None:
        """Take in rows that other processes stored, now or when the room is at rest; show them.

        Their authors are known here. Where rows before them are missing, the log is looked at.
        """
        if not self._following.wait(arrivals):
            self._look(self)
        elif self._at_rest:
            self._catch_up()
        else:
            self._preparation.begin()

    def _catch_up(self) -> None:
        if not self._following:
            return
        rows, gap = self._following.next(self.head)
        if rows:
            self.take_in(rows)
        if gap:
            self._look(self)

    def look_begins(self) -> None:
        """Hear that a look at the log begins."""
        self._intake.look()

    def looked(self) -> None:
        """Hear that the log has been looked at, and what was there is here."""
        if self._intake.looked():
            self._wake(self)

    def take_in(self, arrivals: Sequence[Arrival]) -> None:
        """Take in and show the rows right after the head, though the room may not be at rest.

        What is uncommitted here must commute with them, and be stored behind them.
        """
        if self._ended is not None:
            return
        update = self._live.replay([(arrival.at_ms, arrival.edit) for arrival in arrivals])
        self.audience.show(update, self.head, lambda: credited(arrivals))
        if self._intake.arrived():
            self._wake(self)

    def pause(self) -> None:
        """Begin no turn, and do not be at rest, until the room is renewed."""
        self._paused = True

    def renew(self, live: LiveArticle, between: Sequence[Arrival]) -> LiveArticle:
        """Go on with a live article from the log, since what was in hand cannot follow that.

        `between` are the rows after the head. What was in hand is gated again. Returns the live
        article that was, which the caller closes.
        """
        old, self._live, self._paused = self._live, live, False
        self._preparation.stop()
        self._preparation = self._preparing(live)
        self._lacking.forget()
        self.audience.rely_on(live.ownership)
        for arrival in between:
            self.audience.show(arrival.edit.payload, arrival.seq, partial(credited, [arrival]))
        self._intake.renew(live, [arrival.edit for arrival in between])
        self._come_to_rest()
        self._wake(self)
        return old

    def expire(self) -> None:
        """Send away what has been parked too long."""
        self.at_rest(lambda _: self._intake.send_away_expired())

    def close(self, refusal: Refusal) -> LiveArticle:
        """Send everybody away, with a reason, and give up the live article: the caller closes it.

        Whoever enters or submits later hears the same reason.
        """
        self._ended = refusal
        self._preparation.stop()
        self.audience.close(refusal)
        self._intake.lose(refusal)
        self._rest.lost(refusal)
        return self._live
