from crdt.awareness import GONE, Awareness, PresenceLimits, Showing
from crdt.messages import Entry
from crdt.ownership import Ownership
from server.elsewhere import Elsewhere
from server.news import Shown


def _here() -> tuple[Awareness, Elsewhere, Ownership]:
    ownership = Ownership({}, 100)
    awareness = Awareness(ownership, PresenceLimits(8, 1000))
    return awareness, Elsewhere(awareness), ownership


def _shown(client: int, clock: int = 1, author: str = "ada", state: str = "{}") -> Shown:
    return Shown(author, Entry(client, clock, state))


def test_what_is_shown_elsewhere_is_seen_here_once() -> None:
    awareness, elsewhere, _ = _here()
    assert elsewhere.hear("p", [_shown(1)], 0, whole=False) == [Entry(1, 1, "{}")]
    assert elsewhere.hear("p", [_shown(1)], 1, whole=True) == []
    assert awareness.everybody() == [Entry(1, 1, "{}")]
    assert elsewhere


def test_more_clients_than_a_connection_may_show_are_seen_of_a_process() -> None:
    _, elsewhere, _ = _here()
    assert len(elsewhere.hear("p", [_shown(n) for n in range(50)], 0, whole=True)) == 50


def test_who_leaves_elsewhere_is_gone_here() -> None:
    awareness, elsewhere, _ = _here()
    elsewhere.hear("p", [_shown(1), _shown(2)], 0, whole=True)
    assert elsewhere.hear("p", [_shown(1, state=GONE)], 0, whole=False) == [Entry(1, 1, GONE)]
    assert awareness.everybody() == [Entry(2, 1, "{}")]
    assert elsewhere.hear("p", [_shown(1, state=GONE)], 0, whole=False) == []


def test_who_is_not_among_everybody_any_more_is_gone() -> None:
    awareness, elsewhere, _ = _here()
    elsewhere.hear("p", [_shown(1), _shown(2)], 0, whole=True)
    assert elsewhere.hear("p", [_shown(2)], 0, whole=True) == [Entry(1, 1, GONE)]
    assert elsewhere.hear("p", [], 0, whole=True) == [Entry(2, 1, GONE)]
    assert (awareness.everybody(), bool(elsewhere)) == ([], False)


def test_a_silent_process_takes_its_people_along() -> None:
    awareness, elsewhere, _ = _here()
    elsewhere.hear("p", [_shown(1)], 0, whole=True)
    elsewhere.hear("q", [_shown(2)], 5, whole=True)
    assert elsewhere.forget(before=3) == [Entry(1, 1, GONE)]
    assert awareness.everybody() == [Entry(2, 1, "{}")]
    assert elsewhere.forget(before=3) == []


def test_a_client_id_that_is_shown_elsewhere_is_its_authors_here_too() -> None:
    awareness, elsewhere, ownership = _here()
    elsewhere.hear("p", [_shown(1, author="ada")], 0, whole=True)
    assert ownership.owner(1) == "ada"
    thief = Showing("mallory", {})
    assert awareness.receive(thief, [Entry(1, 9, "{}")]) == []
    assert elsewhere.hear("q", [_shown(1, 9, author="mallory")], 0, whole=True) == []


def test_who_moves_from_one_process_to_another_is_shown_by_the_new_one() -> None:
    awareness, elsewhere, _ = _here()
    elsewhere.hear("p", [_shown(1)], 0, whole=True)
    assert elsewhere.hear("q", [_shown(1, 2)], 0, whole=True) == [Entry(1, 2, "{}")]
    assert elsewhere.hear("p", [_shown(1, state=GONE)], 0, whole=False) == []
    assert elsewhere.hear("p", [], 0, whole=True) == []
    assert awareness.everybody() == [Entry(1, 2, "{}")]


def test_who_comes_here_is_not_taken_along_by_the_process_that_was_left() -> None:
    awareness, elsewhere, _ = _here()
    elsewhere.hear("p", [_shown(1)], 0, whole=True)
    awareness.receive(Showing("ada", {}), [Entry(1, 2, "{}")])
    assert elsewhere.hear("p", [], 1, whole=True) == []
    assert [entry.clock for entry in awareness.everybody()] == [2]
