"""An edit in pieces: small updates, admitted one by one, that come to the same."""

import pytest

from crdt.edit import Edit
from crdt.limits import UpdateLimits
from crdt.pieces import pieces
from crdt.update import decode_update
from tests.support.forging import Forged, Section, insertion, item, text
from tests.support.people import MINUTE, RULES, history, live_article
from tests.support.wire import uint


def edit_of(data: bytes) -> Edit:
    update = decode_update(data, UpdateLimits())
    return Edit("ada", update.structs, update.deletions, data, None)


@pytest.mark.parametrize(("most", "most_bytes"), [(1, 4), (3, 12), (100, 10_000)])
@pytest.mark.parametrize("seed", range(15))
def test_the_pieces_of_a_history_come_to_the_same(seed: int, most: int, most_bytes: int) -> None:
    table, live = history(seed), live_article()
    for _, edit in table.rows:
        for piece in pieces(edit, most, most_bytes):
            made = live.admit(piece, edit.author, MINUTE, RULES)
            live.document.apply([made.payload] if made else [])
    assert live.text() == table.live.text()
    assert [s.author for s in live.spans()] == [s.author for s in table.live.spans()]


def test_no_piece_holds_more_than_it_may() -> None:
    edit = edit_of(insertion(7, 0, text("日本語😀" * 10), text("x", (7, 3))))
    parts = [decode_update(piece, UpdateLimits()) for piece in pieces(edit, 2, 16)]
    assert all(len(part.structs) <= 2 for part in parts)
    assert all(len(str(s.content)) <= 4 for part in parts for s in part.structs)


def test_deletions_come_in_batches() -> None:
    edit = edit_of(Forged(deleted=[(7, clock, 1) for clock in (0, 2, 4)]).encode())
    counts = [len(decode_update(p, UpdateLimits()).deletions) for p in pieces(edit, 2, 100)]
    assert counts == [2, 1]


def test_what_was_there_is_deleted_first_and_what_is_new_last() -> None:
    data = Forged([Section(7, 5, [text("abc", (7, 4))])], [(7, 0, 2), (7, 6, 1)]).encode()
    parts = [decode_update(piece, UpdateLimits()) for piece in pieces(edit_of(data), 10, 100)]
    assert [(len(p.structs), p.deletions) for p in parts] == [
        (0, ((7, 0, 2),)),
        (1, ()),
        (0, ((7, 6, 1),)),
    ]


def test_what_is_born_deleted_stays_so() -> None:
    edit = edit_of(Forged([Section(7, 0, [item(1, uint(4))])], [(7, 0, 4)]).encode())
    first, *_ = pieces(edit, 10, 100)
    assert decode_update(first, UpdateLimits()).deletions == ((7, 0, 4),)
