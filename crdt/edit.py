"""An edit: what one author newly brought into an article, and so one row of its log."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from pycrdt import IdMap

from crdt.deletions import Deletion
from crdt.structs import Struct
from crdt.update import encode_update


class Edit(NamedTuple):
    """New content and deletions by one author, nothing that was known before.

    `payload` is an update with exactly these structs (in causal order) and deletions. `carried` is
    an encoded IdMap of the ranges that keep earlier authors (see Carry), None for none.
    """

    author: str
    structs: tuple[Struct, ...]
    deletions: tuple[Deletion, ...]
    payload: bytes
    carried: bytes | None

    @property
    def clients(self) -> set[int]:
        """The client ids that it inserts under."""
        return {struct.client for struct in self.structs}


def merge_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Make one edit of each run of neighbours by one author.

    Only neighbours: an edit may build on the one before it, whoever wrote that, so the rows of the
    log can be applied in their order without anything missing (law 5).
    """
    if len(edits) == 1:  # in most turns
        return tuple(edits)
    return tuple(_merge(list(run)) for _, run in groupby(edits, attrgetter("author")))


def _merge(run: list[Edit]) -> Edit:
    if len(run) == 1:
        return run[0]
    structs = tuple(struct for edit in run for struct in edit.structs)
    deletions = tuple(deletion for edit in run for deletion in edit.deletions)
    carried = [IdMap.decode(edit.carried) for edit in run if edit.carried is not None]
    return Edit(
        run[0].author,
        structs,
        deletions,
        encode_update(structs, deletions),
        IdMap.merge_many(carried).encode() if carried else None,
    )
