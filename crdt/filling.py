"""Filling gaps: the smallest restoration after which exactly the wanted text stands.

A copy goes to the place of its original. What stands and is wanted keeps its identity; in the gaps
between, what stands is kept as far as it has the wanted characters by the wanted authors. Of every
original at most one living copy is made.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from crdt.alignment import Alignment
from crdt.deletions import Deletion
from crdt.letters import Gap, Letter
from crdt.restoration import Copied, Restoration
from crdt.structs import ID, Kind, Struct
from crdt.weave import Weave

LONGEST = 2048  # UTF-16 units that are brought back as one struct, at most


def filled(weave: Weave, differing: Iterable[Gap], root: str, client: int) -> Restoration:
    """Fill the gaps in the root named `root` with the text that is wanted there.

    `client` is a client id that nobody has used; it inserts what is brought back.
    """
    plans = [_Plan(gap) for gap in differing]
    _give_up_second_copies(plans)
    copyist = _Copyist(weave, root, client)
    copies = [copied for plan in plans for copied in plan.copies(copyist)]
    deletions = [deletion for plan in plans for deletion in plan.deletions()]
    return Restoration(tuple(copies), tuple(deletions))


class _Copyist:
    """Writes copies under one client id, from clock 0 on."""

    def __init__(self, weave: Weave, root: str, client: int) -> None:
        self._weave = weave
        self._root = root
        self._client = client
        self._clock = 0

    def copy(self, letters: Sequence[Letter], right: ID | None) -> Iterator[Copied]:
        """Copy letters, to stand right before an ID, or at the end of the document."""
        if not letters:
            return
        origin = self._weave.last() if right is None else self._weave.before(right)
        for run in _of_one(letters):
            parent = None if origin or right else self._root
            length = sum(letter.units for letter in run)
            text = "".join(letter.text for letter in run)
            place = (origin, right, parent, None)
            struct = Struct(self._client, self._clock, length, int(Kind.STRING), *place, text)
            yield Copied(struct, run[0].identity)
            self._clock += length
            origin = (self._client, self._clock - 1)


class _Plan:
    """What becomes of a gap: which of the letters that stand there take the place of wanted ones.

    `kept` are the indices of both, wanted -> standing, both ascending.
    """

    def __init__(self, gap: Gap) -> None:
        self.gap = gap
        wanted, standing = map(_keys, (gap.wanted, gap.standing))
        self.kept = {
            common.left + n: common.right + n
            for common in _ALIGNMENT.of(wanted, standing)
            for n in range(common.length)
        }

    def missing(self) -> Iterator[Letter]:
        """The wanted letters that none stands for."""
        return (each for index, each in enumerate(self.gap.wanted) if index not in self.kept)

    def second_copies(self) -> Iterator[tuple[ID, int]]:
        """(source, index of the wanted) of the kept letters that have another's text."""
        for index, kept in self.kept.items():
            source = self.gap.standing[kept].source
            if source != self.gap.wanted[index].source:
                yield source, index

    def copies(self, copyist: _Copyist) -> Iterator[Copied]:
        """Bring back what is missing, between what is kept."""
        run: list[Letter] = []
        after = self.gap.after
        for index, letter in enumerate(self.gap.wanted):
            if index not in self.kept:
                run.append(letter)
                continue
            kept = self.gap.standing[self.kept[index]]
            yield from copyist.copy(run, _place(run, after, kept.place, kept.identity))
            run, after = [], kept.place
        yield from copyist.copy(run, _place(run, after, self.gap.before, self.gap.until))

    def deletions(self) -> Iterator[Deletion]:
        """Take away what stands and is not kept."""
        kept = set(self.kept.values())
        letters = (each for index, each in enumerate(self.gap.standing) if index not in kept)
        for run in _runs(letters):
            yield Deletion(*run[0].identity, sum(letter.units for letter in run))


def _keys(letters: Iterable[Letter]) -> list[tuple[str, str]]:
    return [(letter.author, letter.text) for letter in letters]


def _ends_line(key: tuple[str, str]) -> bool:
    return key[1] == "\n"


_ALIGNMENT = Alignment(_ends_line)


def _place(run: list[Letter], after: int, before: int, until: ID | None) -> ID | None:
    """The ID before which a run goes: its own first one, if that is between what is kept."""
    return run[0].identity if run and after < run[0].place < before else until


def _runs(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """Letters with consecutive IDs together, up to LONGEST units."""
    run: list[Letter] = []
    end, left = (-1, -1), 0
    for letter in letters:
        client, clock = letter.identity
        if run and (letter.identity != end or left < letter.units):
            yield run
            run = []
        if not run:
            left = LONGEST
        run.append(letter)
        end, left = (client, clock + letter.units), left - letter.units
    if run:
        yield run


def _of_one(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """The same, and of all letters the ledger says the same."""
    for _, run in groupby(letters, lambda letter: letter.said):
        yield from _runs(run)


def _give_up_second_copies(plans: Iterable[_Plan]) -> None:
    """Keep no letter whose source is brought back elsewhere, or there were two living copies."""
    plans = list(plans)
    kept = {source: (plan, index) for plan in plans for source, index in plan.second_copies()}
    todo = [letter.source for plan in plans for letter in plan.missing()]
    while todo:
        found = kept.pop(todo.pop(), None)
        if found is not None:
            plan, index = found
            del plan.kept[index]
            todo.append(plan.gap.wanted[index].source)
