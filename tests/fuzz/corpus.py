"""Honest updates of one article by three replicas, to be spoilt by mutation."""

import json
from pathlib import Path
from random import Random

from pycrdt import Doc, Text, TransactionEvent

ROOT = "content"
HOSTILE = Path(__file__).parents[1] / "crdt" / "hostile.json"
CLIENTS = (5, 300, 2**32 + 7)  # numbers of one, two and five bytes
WORDS = ("a", "e", " ", "\n", "ß", "Ω", "漢字", "some words, ")
MARKS = ({"bold": True}, {"bold": None}, {"link": {"href": ["a", {"b": None}]}})


def history(seed: int, edits: int) -> list[bytes]:
    """Return the updates in an order in which each can be applied; the last holds everything."""
    random = Random(seed)
    log: list[bytes] = []

    def note(event: TransactionEvent) -> None:
        log.append(event.update)

    replicas = [Doc(client_id=client) for client in CLIENTS]
    for replica in replicas:
        _edit_some(random, replica, edits // len(CLIENTS), note)
        _meet(random, replicas)
    for replica in replicas:
        _edit_some(random, replica, edits // len(CLIENTS), note)
    everything = Doc()
    for update in log:
        everything.apply_update(update)
    return [*log, everything.get_update()]


def hostile() -> list[bytes]:
    """Return the updates that are known to kill or hang yrs."""
    return [bytes.fromhex(u) for case in json.loads(HOSTILE.read_text()) for u in case["updates"]]


def _edit_some(random: Random, replica: Doc, edits: int, note: object) -> None:
    assert callable(note)
    subscription = replica.observe(note)
    text = replica.get(ROOT, type=Text)
    for _ in range(edits):
        _edit(random, text)
    replica.unobserve(subscription)


def _edit(random: Random, text: Text) -> None:
    written = str(text)
    places = sorted(random.randint(0, len(written)) for _ in range(2))
    start, end = (len(written[:place].encode()) for place in places)
    dice = random.random()
    if dice < 0.2 and start < end:
        del text[start:end]
    elif dice < 0.3 and start < end:
        text.format(start, end, random.choice(MARKS))
    else:
        text.insert(start, random.choice(WORDS))


def _meet(random: Random, replicas: list[Doc]) -> None:
    for replica in replicas:
        other = random.choice(replicas)
        replica.apply_update(other.get_update(replica.get_state()))
