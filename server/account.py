"""An account: what a weave and its ledger tell of an article at one point of its log."""

from collections.abc import Sequence
from typing import NamedTuple

from crdt.livearticle import LiveArticle
from crdt.statevector import encode_state_vector
from crdt.stretches import Stretch, stretches
from crdt.tally import Count, Loss, losses, surviving, tally, written_by
from server.fingerprint import fingerprint


class Account(NamedTuple):
    """What of a revision a text and its spans do not tell.

    `counts` and `losses` compare it with the revision before; `contributions` are (author, code
    points ever written, code points that stand there), by author id. `stands` is the text with all
    that is known of it, for the next one to be compared with.
    """

    fingerprint: bytes
    counts: tuple[Count, ...]
    losses: tuple[Loss, ...]
    state_vector: bytes
    contributions: tuple[tuple[str, int, int], ...]
    stands: tuple[Stretch, ...]


def account(live: LiveArticle, before: Sequence[Stretch]) -> Account:
    """Give the account of a live article; `before` stood in the revision before."""
    now = told(live)
    lost = losses(before, now, live.ledger)
    wrote, stands = written_by(live.weave, live.ledger), surviving(now)
    return Account(
        fingerprint(live.text(), live.spans()),
        tally(before, now, lost),
        lost,
        encode_state_vector(live.clocks()),
        tuple((a, wrote.get(a, 0), stands.get(a, 0)) for a in sorted({*wrote, *stands})),
        now,
    )


def told(live: LiveArticle) -> tuple[Stretch, ...]:
    """The visible text with all that is known of it."""
    return tuple(stretches(live.weave, live.ledger))
