import random

import pytest
from pycrdt import Doc, Text, UndoManager

from crdt.edit import Edit
from crdt.gate import Rules
from crdt.history import fold
from crdt.limits import UpdateLimits
from crdt.livearticle import LiveArticle

RULES = Rules(UpdateLimits(), 100_000)
MINUTE = 60_000
WORDS = ["a", "word ", "naïve", "😀", "e\u0301", "日本", "👩‍🔬"]


class Person:
    """Somebody who types into a replica of their own, and can undo."""

    def __init__(self, name: str, client: int) -> None:
        self.name = name
        self.doc: Doc[Text] = Doc(client_id=client)
        self.text = self.doc.get("content", type=Text)
        self.undo = UndoManager(scopes=[self.text], capture_timeout_millis=0)
        self.sent: list[bytes] = []
        self.doc.observe(lambda event: self.sent.append(event.update))

    def act(self, chance: random.Random) -> list[bytes]:
        self.sent.clear()
        text = str(self.text)
        at = len(text[: chance.randint(0, len(text))].encode())
        match chance.randrange(5):
            case 0 if text:
                start = chance.randrange(len(text))
                end = min(len(text), start + chance.randint(1, 5))
                del self.text[len(text[:start].encode()) : len(text[:end].encode())]
            case 1 if self.undo.can_undo():
                self.undo.undo()
            case 2 if self.undo.can_redo():
                self.undo.redo()
            case _:
                self.text.insert(at, chance.choice(WORDS))
        return list(self.sent)


def play(seed: int) -> tuple[LiveArticle, list[tuple[int, Edit]]]:
    chance = random.Random(seed)
    live, rows, frames = LiveArticle("content", {}, 100), [], []
    people = [Person(name, chance.randrange(2**40)) for name in ("ada", "bo", "cy")]
    seen = dict.fromkeys((person.name for person in people), 0)
    for step in range(40):
        person = chance.choice(people)
        for update in person.act(chance):
            edit = live.admit(update, person.name, step * MINUTE, RULES)
            if edit is not None:
                frames.append(live.document.apply([edit.payload]))
                live.committed([edit])
                rows.append((step * MINUTE, edit))
        reader = chance.choice(people)
        for frame in frames[seen[reader.name] :]:
            reader.doc.apply_update(frame)
        seen[reader.name] = len(frames)
    return live, rows


@pytest.mark.parametrize("seed", range(60))
def test_a_fold_of_the_log_agrees_with_the_live_article(seed: int) -> None:
    live, rows = play(seed)
    moment = fold("content", [rows[start : start + 7] for start in range(0, len(rows), 7)])
    assert (moment.seq, moment.text) == (live.head, live.text())
    assert list(moment.spans) == live.spans()


def test_an_empty_log_folds_to_nothing() -> None:
    moment = fold("content", [])
    assert (moment.seq, moment.text, moment.spans) == (0, "", ())
