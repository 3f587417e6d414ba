"""Rebuilding: what follows from log and marks is computed anew from them (law 4)."""

from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence

from crdt.stretches import Stretch
from persistence.revisions import Mark
from persistence.store import Store
from server.account import account
from server.chronicle import Chronicle
from server.digest import LOG, WEAVE, digest, doubt, keep_newest
from server.fingerprint import fingerprint
from server.framekeeping import keep_frames
from server.loading import keep

Numbered = Sequence[tuple[int, Mark]]


def rebuild(store: Store, article: int, root: str, checkpoint_every: int) -> None:
    """Compute the article's owners, checkpoints, and all of its revisions but their marks.

    The log is read once, whatever the number of revisions. Checkpoints come back where there were
    some; where there are none, after every so many rows and at the head. No server may have the
    article open: what it claims meanwhile would be forgotten. Each revision is replaced in one
    transaction, so a crash in between leaves a store that can be used, and another run finishes
    the work.
    """
    head = store.log.heads([article])[article]
    seqs = set(_seqs_downwards(store, article) or _usual_seqs(head, checkpoint_every))
    store.checkpoints.delete(article)
    store.texts.put(article, 0, "")  # without a revision it is found by its title
    with Chronicle(store, root, article) as chronicle:
        revisions = Revisions(store, article, chronicle)
        for seq in sorted(seqs | revisions.seqs):
            chronicle.read_until(seq)
            revisions.make()
            if seq in seqs:
                keep(store, article, chronicle.live.state())
        chronicle.read_until(head)
        store.replace_owners(article, chronicle.live.ownership.owners())
    store.frames.delete(article)
    keep_frames(store, article)


class Revisions:
    """The revisions of one article, made anew as a chronicle comes by."""

    def __init__(self, store: Store, article: int, chronicle: Chronicle) -> None:
        marks = store.revisions.marks(article)
        self._store = store
        self._article = article
        self._chronicle = chronicle
        self._numbers = numbers_by_seq(marks)
        self._bases = bases(marks)
        self._users = defaultdict[int, set[int]](set)
        for number, base in self._bases.items():
            self._users[base].add(number)
        self._standing: dict[int, tuple[Stretch, ...]] = {0: ()}

    @property
    def seqs(self) -> set[int]:
        """Where the chronicle has to stop."""
        return set(self._numbers)

    def make(self) -> None:
        """Make those at which the chronicle stands."""
        for number in self._numbers.get(self._chronicle.seq, ()):
            self._make(number, self._bases[number])

    def _make(self, number: int, base: int) -> None:
        live, folded = self._chronicle.live, self._chronicle.moment()
        held = account(live, self._standing[base])
        opinions = {LOG: fingerprint(folded.text, folded.spans), WEAVE: held.fingerprint}
        keep_newest(self._store, self._article, folded, held)
        self._store.revisions.put(self._article, number, digest(folded, held, doubt(opinions)))
        self._remember(number, base, held.stands)

    def _remember(self, number: int, base: int, stands: tuple[Stretch, ...]) -> None:
        """Keep what stands here as long as it is to be compared with."""
        if self._users[number]:
            self._standing[number] = stands
        self._users[base].discard(number)
        if not self._users[base]:
            self._standing.pop(base, None)


def numbers_by_seq(marks: Numbered) -> dict[int, list[int]]:
    """Give the numbers of the marks at each seq, in order."""
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for number, mark in sorted(marks, key=_number):
        numbers[mark.seq].append(number)
    return dict(numbers)


def bases(marks: Numbered) -> dict[int, int]:
    """Give the number of the revision that each is compared with, 0 for none.

    It is the latest that was there when this one was made and is not after it.
    """
    found: dict[int, int] = {}
    before: list[tuple[int, int]] = []
    for number, mark in sorted(marks, key=_number):
        place = bisect(before, (mark.seq, number))
        found[number] = before[place - 1][1] if place else 0
        insort(before, (mark.seq, number))
    return found


def _number(marked: tuple[int, Mark]) -> int:
    return marked[0]


def _seqs_downwards(store: Store, article: int) -> list[int]:
    found: list[int] = []
    kept = store.checkpoints.latest(article)
    while kept is not None:
        found.append(kept.seq)
        kept = store.checkpoints.latest(article, kept.seq - 1)
    return found


def _usual_seqs(head: int, every: int) -> Iterator[int]:
    yield from range(every, head, every)
    if head:
        yield head
