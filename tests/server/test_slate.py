import os
import signal
from collections.abc import Callable

import pytest

from server import slate as slates
from server.slate import NO_SLATE, Found, Note, Slate

ADA, BOB = Note(1, "ada", b"first"), Note(1, "bobby", b"the second")


@pytest.fixture
def slate() -> Slate:
    return Slate.make()


def _note(slate: Slate, note: Note) -> None:
    slate.note(note.article, note.author, note.update)


def _left(slate: Slate) -> Found | None:
    """What the next worker finds, which maps the same file."""
    slate.seal("died", 5.0, unforced=True)
    return Slate(os.dup(slate.file)).found()


def test_what_is_being_gated_is_found(slate: Slate) -> None:
    _note(slate, ADA)
    assert _left(slate) == Found("died", 5.0, True, (ADA,))


def test_what_was_refused_or_has_to_wait_is_not_found(slate: Slate) -> None:
    _note(slate, ADA)
    _note(slate, BOB)
    assert _left(slate) == Found("died", 5.0, True, (BOB,))


def test_what_is_admitted_already_is_not_to_blame_for_the_next(slate: Slate) -> None:
    _note(slate, ADA)
    slate.keep()
    _note(slate, BOB)
    assert _left(slate) == Found("died", 5.0, True, (BOB,))


def test_all_that_is_being_applied_is_found_and_none_of_it_certain(slate: Slate) -> None:
    for note in (ADA, BOB):
        _note(slate, note)
        slate.keep()
    _note(slate, Note(1, "cyd", b"refused"))
    slate.apply()
    assert _left(slate) == Found("died", 5.0, False, (ADA, BOB))


def test_what_one_author_alone_has_in_a_turn_is_certain(slate: Slate) -> None:
    for note in (ADA, Note(1, "ada", b"more")):
        _note(slate, note)
        slate.keep()
    slate.apply()
    found = _left(slate)
    assert found is not None
    assert (found.certain, len(found.notes)) == (True, 2)


def test_after_the_turn_nothing_is_found(slate: Slate) -> None:
    _note(slate, ADA)
    slate.keep()
    slate.apply()
    slate.clear()
    assert _left(slate) is None


def test_who_was_killed_from_outside_may_not_have_died_of_it(slate: Slate) -> None:
    _note(slate, ADA)
    slate.seal("died", 5.0, unforced=False)
    assert slate.found() == Found("died", 5.0, False, (ADA,))


def test_nothing_is_found_while_the_worker_lives(slate: Slate) -> None:
    _note(slate, ADA)
    assert slate.found() is None


def test_a_worker_that_ends_before_it_has_stored_it_leaves_it_for_the_next(slate: Slate) -> None:
    _note(slate, ADA)
    slate.seal("stalled", 5.0, unforced=True)
    slate.seal("died", 6.0, unforced=True)
    assert slate.found() == Found("stalled", 5.0, True, (ADA,))
    assert slate.restarts() == {"stalled": 1, "died": 1}
    slate.wipe()
    assert slate.found() is None
    assert slate.restarts() == {"stalled": 1, "died": 1}


def test_too_many_notes_leave_the_newest(slate: Slate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slates, "SIZE", 200)
    for number in range(9):
        _note(slate, Note(1, "ada", bytes([number]) * 40))
        slate.keep()
    slate.apply()
    found = _left(slate)
    assert found is not None
    assert found.notes[-1].update == bytes([8]) * 40


def test_of_what_is_larger_than_the_slate_the_author_is_noted(slate: Slate) -> None:
    _note(slate, Note(1, "ada", bytes(slates.SIZE)))
    assert _left(slate) == Found("died", 5.0, True, (Note(1, "ada", b""),))


def test_a_note_counts_only_when_it_is_whole(slate: Slate, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies between the note and its end leaves what was there before."""
    _note(slate, ADA)
    slate.keep()
    monkeypatch.setattr(slates, "END", None)
    with pytest.raises(AttributeError):
        _note(slate, BOB)
    monkeypatch.undo()
    assert _left(slate) == Found("died", 5.0, True, (ADA,))


@pytest.mark.parametrize("last_act", [lambda slate: _note(slate, BOB), Slate.apply])
def test_it_outlives_a_process_that_is_killed(
    slate: Slate, last_act: Callable[[Slate], None]
) -> None:
    child = os.fork()
    if not child:
        _note(slate, ADA)
        slate.keep()
        last_act(slate)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    found = _left(slate)
    assert found is not None
    assert found.notes[-1] in {ADA, BOB}


def test_without_a_supervisor_nothing_is_noted_or_found() -> None:
    NO_SLATE.note(1, "ada", b"x")
    NO_SLATE.keep()
    NO_SLATE.apply()
    NO_SLATE.clear()
    NO_SLATE.wipe()
    assert NO_SLATE.found() is None
    assert NO_SLATE.restarts() == {"stalled": 0, "died": 0}


def test_a_successor_is_empty_and_counts_on(slate: Slate) -> None:
    _note(slate, ADA)
    slate.seal("stalled", 5.0, unforced=True)
    successor = slate.successor()
    assert successor.found() is None
    assert successor.restarts() == {"stalled": 1, "died": 0}
    _note(successor, BOB)
    found = slate.found()
    assert found is not None
    assert found.notes == (ADA,)


def test_one_that_nobody_needs_any_more_gives_its_memory_back(slate: Slate) -> None:
    slate.close()
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(slate.file)
