"""The verdict: what must hold of a world when all that went wrong is over."""

from collections.abc import Iterator
from itertools import chain

from crdt.livearticle import LiveArticle
from persistence.edits import edit_of
from server.room import Room
from tests.simulation.client import FINAL
from tests.simulation.process import Process
from tests.simulation.world import World
from tests.support.people import said
from tests.support.replica import ROOT

# What an honest client may be told while things go wrong.
EXCUSED = ("storage-unavailable", "missing-dependencies")


def converged(world: World) -> bool:
    """Whether every replica has exactly what is in the log."""
    return not any(differences(world))


def differences(world: World) -> Iterator[str]:
    """Say in what replicas differ from the log."""
    witness = world.witness
    for client in world.clients:
        if not client.synced:
            yield f"{client.name} is not synced"
        if client.clocks() != witness.clocks:
            yield f"{client.name} has {client.clocks()}, the log {witness.clocks}"
        if client.deletions() != witness.deletions:
            yield f"{client.name} has not deleted what the log has"
        told, ledger = sum(witness.clocks.values()), client.ledger
        if ledger is not None and len(ledger.inserted) < told:
            yield f"{client.name} was not told all authors"
    for process, room in _rooms(world):
        if room.head < witness.count["rows"]:
            yield f"{process.name} is at seq {room.head} of {witness.count['rows']}"


def gathered(world: World) -> bool:
    """Whether everybody sees everybody who is there."""
    everybody = {client.number for client in world.clients}
    return all(c.awareness.others >= everybody - {c.number} for c in world.clients)


def haunted(world: World) -> bool:
    """Whether somebody sees people who are not there any more."""
    everybody = {client.number for client in world.clients}
    return any(c.awareness.others - everybody for c in world.clients)


def faults(world: World) -> Iterator[str]:
    """Say what is wrong with a world that has converged."""
    truth = _truth(world)
    yield from world.witness.wrong
    yield from _texts(world, truth)
    yield from _memory(world, truth)
    yield from _ledgers(world, truth)
    yield from _authors(world, truth)
    yield from _answers(world)
    truth.close()


def _truth(world: World) -> LiveArticle:
    """Fold the log from its beginning; its seqs are dense."""
    entries = list(world.store.log.read(world.article.id))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    truth = LiveArticle(ROOT, world.store.log.owners(world.article.id), 0)
    truth.replay([edit_of(entry) for entry in entries])
    return truth


def _texts(world: World, truth: LiveArticle) -> Iterator[str]:
    for client in world.clients:
        if client.text != truth.text():
            yield f"{client.name} has another text than the log"
    for client in (*world.clients, *world.gone):
        if client.acknowledged > world.witness.clocks.get(client.number, 0):
            yield f"{client.name} was told that edits are stored that are not"


def _rooms(world: World) -> Iterator[tuple[Process, Room]]:
    for process in world.processes:
        room = process.rooms.open_rooms().get(world.article.id)
        if room is not None:
            yield process, room


def _memory(world: World, truth: LiveArticle) -> Iterator[str]:
    expected = said(truth)
    for process, room in _rooms(world):
        live = room._live
        if (live.head, live.text()) != (truth.head, truth.text()):
            yield f"{process.name} has seq {live.head}, and not what the log has at {truth.head}"
        elif said(live) != expected:
            yield f"{process.name} names other authors than the log"


def _ledgers(world: World, truth: LiveArticle) -> Iterator[str]:
    inserts, deletes = said(truth)
    inserted = {identity: told["insert"] for identity, told in inserts.items()}
    deleted = {identity: told["delete"] for identity, told in deletes.items()}
    for client in world.clients:
        ledger = client.ledger
        if ledger is not None and (ledger.inserted, ledger.deleted) != (inserted, deleted):
            yield f"{client.name} was told other authors than the log names"


def _authors(world: World, truth: LiveArticle) -> Iterator[str]:
    """Hold the author of each character against who really wrote it.

    A copy that undo brought back may be the undoer's own where several people deleted the text, or
    where it was brought back more than once.
    """
    text = truth.text()
    for span in truth.spans():
        for character in text[span.start : span.start + span.length]:
            wrote = world.witness.wrote[character]
            if span.author != wrote and not _excused(world, character, span.author):
                yield f"{character!r} is {wrote}'s, not {span.author}'s"


def _excused(world: World, character: str, author: str) -> bool:
    return any(
        _doubtful(world, back)
        for by, back in world.witness.brought_back
        if by == author and character in back
    )


def _doubtful(world: World, back: frozenset[str]) -> bool:
    witness = world.witness
    times = list(chain.from_iterable(characters for _, characters in witness.brought_back))
    return any(len(witness.deleted[c]) > 1 or times.count(c) > 1 for c in back)


def _answers(world: World) -> Iterator[str]:
    for client in (*world.clients, *world.gone):
        for refusal in client.refusals:
            if not refusal.startswith(EXCUSED):
                yield f"{client.name} was refused: {refusal}"
        for code in client.codes:
            if code in FINAL:
                yield f"{client.name} was sent away for good, with {code}"
    for process in (*world.ended, *world.processes):
        yield from process.telemetry.faults
