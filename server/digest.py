"""A digest: what a revision holds, come by in three ways that have to agree.

Text and authors are folded from the whole log by the author layer, loaded as a server would load
them, from checkpoint and tail, and were seen in the live document. What the fold says is stored:
it follows from the log alone (law 4). Which of the three did not agree is stored with it.

All of it is for the historian's process.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from crdt.history import Moment
from crdt.livearticle import LiveArticle
from crdt.state import State
from persistence.revisions import Digest, Mark, Reason, Revision
from persistence.store import Store
from server.account import Account, account, told
from server.chronicle import Chronicle
from server.digestlive import Seen
from server.fingerprint import fingerprint
from server.folds import folds_of
from server.moments import article_at, time_of
from server.refusals import NotYet

LOG, WEAVE, CHECKPOINT, LIVE = "log", "weave", "checkpoint", "live"
FAILED = b""  # the opinion of whatever cannot even be read


@dataclass(frozen=True, slots=True)
class Wish:
    """A revision that is asked for; without `at` it gets the time of its last row."""

    reason: Reason
    label: str = ""
    note: str = ""
    made_by: str | None = None
    at: datetime | None = None


def revise(
    store: Store, root: str, article: int, seq: int, wish: Wish, seen: Seen | None
) -> Revision | None:
    """Make the article's next revision, at `seq`, and what follows from it.

    `seen` is what the live document was at that seq, if it is in memory. None: nothing has changed
    since the revision before, and nobody asked for another one by name. NotYet.
    """
    head = store.log.heads([article])[article]
    if seq > head:
        raise NotYet(f"There is no row {seq} yet: the log of this article ends at {head}.")
    base = store.revisions.at_or_before(article, seq)
    folded = folds_of(store).moment(article, root, seq)
    if wish.reason != "named" and base is not None and _is_as(store, base, folded):
        return None
    at = wish.at or time_of(store, article, seq)
    if at is None:
        return None  # an empty article
    mark = Mark(seq, at, wish.reason, wish.label, wish.note, wish.made_by)
    opinions = {LOG: fingerprint(folded.text, folded.spans)}
    if seen is not None:
        opinions[LIVE] = _opinion(root, seen)
    held = _account(store, root, article, (base.seq if base else 0, seq), opinions)
    keep_newest(store, article, folded, held)
    return store.revisions.add(article, mark, digest(folded, held, doubt(opinions)))


def behind(store: Store) -> list[int]:
    """Give the articles that have moved since their latest revision, newest change first."""
    found: list[int] = []
    place = None
    while page := store.articles.list(before=place):
        for article in page:
            latest = store.revisions.latest(article.id)
            if article.head > (latest.seq if latest else 0):
                found.append(article.id)
        place = page[-1].place
    return found


def digest(folded: Moment, held: Account, doubtful: str | None) -> Digest:
    """Put together what is stored."""
    told = (held.counts, held.state_vector, doubtful, held.losses)
    return Digest(folded.text, folded.spans, *told)


def keep_newest(store: Store, article: int, folded: Moment, held: Account) -> None:
    """Keep what is known of the newest revision only; the store leaves alone what is newer."""
    store.texts.put(article, folded.seq, folded.text)
    store.contributions.replace(article, folded.seq, held.contributions)


def doubt(opinions: Mapping[str, bytes]) -> str | None:
    """Name those that are wrong; all, where that cannot be told.

    Right is what two of three say, or what author layer and weave both make of the log.
    """
    right = _right(opinions)
    wrong = sorted(name for name, said in opinions.items() if said != right)
    return ", ".join(wrong) or None


def _right(opinions: Mapping[str, bytes]) -> bytes | None:
    """The opinion that is right; None where that cannot be told."""
    votes = Counter(opinions.values())
    if WEAVE in opinions:
        likely = opinions[WEAVE]
        agreed = votes[likely] > 1
    else:
        likely, most = votes.most_common(1)[0]
        agreed = 2 * most > len(opinions)
    return likely if agreed and likely != FAILED else None


def _is_as(store: Store, base: Revision, folded: Moment) -> bool:
    """Whether text and spans are those of a revision."""
    if store.revisions.text(base.article, base.number) != folded.text:
        return False
    return [*map(tuple, store.revisions.spans(base.article, base.number))] == [
        *map(tuple, folded.spans)
    ]


def _opinion(root: str, seen: Seen) -> bytes:
    """The fingerprint of what was seen."""
    if isinstance(seen.told, bytes):
        return seen.told
    state = State(seen.seq, seen.told.document, seen.told.ledger)
    try:
        with closing(LiveArticle(root, {}, 0, state)) as live:
            return fingerprint(live.text(), live.spans())
    except Exception:  # noqa: BLE001 - what cannot be read is wrong, whatever is wrong with it
        return FAILED


def _account(
    store: Store, root: str, article: int, seqs: tuple[int, int], opinions: dict[str, bytes]
) -> Account:
    """Account for the second seq, compared with the first, from checkpoint and tail.

    Their opinion is added; where it is not the log's, the log is read once more, by the weave,
    which decides who is wrong.
    """
    try:
        held = _from_checkpoint(store, root, article, seqs)
    except Exception:  # noqa: BLE001 - as above
        opinions[CHECKPOINT] = FAILED
    else:
        opinions[CHECKPOINT] = held.fingerprint
        if held.fingerprint == opinions[LOG]:
            return held
    with Chronicle(store, root, article) as chronicle:
        chronicle.read_until(seqs[0])
        before = told(chronicle.live)
        chronicle.read_until(seqs[1])
        held = account(chronicle.live, before)
    opinions[WEAVE] = held.fingerprint
    return held


def _from_checkpoint(store: Store, root: str, article: int, seqs: tuple[int, int]) -> Account:
    before, now = seqs
    with article_at(store, root, article, before) as live:
        stood = told(live)
    with article_at(store, root, article, now) as live:
        return account(live, stood)
