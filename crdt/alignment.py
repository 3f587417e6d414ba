"""Alignment: what two sequences have in common, so that as little as possible is left over."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from rapidfuzz.distance import LCSseq

MOST = 1 << 29  # of one length times the other: the search takes an eighth of it in bytes


class Common(NamedTuple):
    """`length` elements from `left` on in the one sequence equal those from `right` on."""

    left: int
    right: int
    length: int


class Alignment:
    """Aligns sequences in which a line ends with each element that `ends` it.

    What is `most` or less, one length times the other, is aligned exactly. Of what is more, whole
    lines are, and then what stands between those; of what is still too much there, nothing is.
    """

    def __init__(self, ends: Callable[[Any], bool], most: int = MOST) -> None:
        self._ends = ends
        self._most = most

    def of(self, left: Sequence[Hashable], right: Sequence[Hashable]) -> Iterator[Common]:
        """A common subsequence, in order; the longest one unless the sequences are too long."""
        if len(left) * len(right) <= self._most:
            return _longest(left, right)
        return self._in_lines(left, right)

    def _in_lines(self, left: Sequence[Hashable], right: Sequence[Hashable]) -> Iterator[Common]:
        lines, others = self._lines(left), self._lines(right)
        if len(lines) * len(others) > self._most:
            return
        starts, other_starts = _starts(lines), _starts(others)
        at = other = 0
        for line, its, count in [*_longest(lines, others), Common(len(lines), len(others), 0)]:
            until, its_until = starts[line], other_starts[its]
            yield from self._between(left, right, (at, until), (other, its_until))
            at, other = starts[line + count], other_starts[its + count]
            if at > until:
                yield Common(until, its_until, at - until)

    def _between(
        self,
        left: Sequence[Hashable],
        right: Sequence[Hashable],
        first: tuple[int, int],
        second: tuple[int, int],
    ) -> Iterator[Common]:
        ours, theirs = left[slice(*first)], right[slice(*second)]
        if len(ours) * len(theirs) <= self._most:
            for common in _longest(ours, theirs):
                yield Common(common.left + first[0], common.right + second[0], common.length)

    def _lines(self, sequence: Sequence[Hashable]) -> list[tuple[Hashable, ...]]:
        ends = [at for at, element in enumerate(sequence, start=1) if self._ends(element)]
        return [
            tuple(sequence[start:end])
            for start, end in zip([0, *ends], [*ends, len(sequence)], strict=True)
        ]


def _starts(lines: Sequence[Sequence[Hashable]]) -> list[int]:
    return [0, *accumulate(map(len, lines))]


def _longest(left: Sequence[Hashable], right: Sequence[Hashable]) -> Iterator[Common]:
    numbers: dict[Hashable, int] = {}
    ours = [numbers.setdefault(each, len(numbers)) for each in left]
    theirs = [numbers.setdefault(each, len(numbers)) for each in right]
    for code in LCSseq.opcodes(ours, theirs):
        if code.tag == "equal":
            yield Common(code.src_start, code.dest_start, code.src_end - code.src_start)
