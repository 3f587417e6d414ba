"""What the core costs, without sockets and a database: `python -m benchmarks.core`.

An article of about 1 MB and 40,000 structs is made from random edits of four people; then one
person types in it. Times are processor time of this process, the best of some repetitions.
"""

import random
from collections.abc import Callable
from itertools import islice
from time import process_time
from typing import Any

from pycrdt import Doc, Text

from crdt.deletions import Deletion
from crdt.edit import merge_edits
from crdt.livearticle import LiveArticle
from crdt.structs import Kind, Struct
from crdt.update import encode_update
from crdt.weave import Weave
from persistence.edits import row_of
from persistence.log import Append
from persistence.store import MemoryStore
from server.intake import Intake
from server.limits import full_rules, loop_rules
from server.loading import keep_checkpoint, load
from server.process import prepare_process
from server.settings import Settings
from server.submission import Submission
from tests.support.stores import NOON, begun, known

SETTINGS = Settings(sample_article=False, log_level="error")
ROOT = SETTINGS.root_name
RULES = loop_rules(SETTINGS)
PEOPLE = ("ada", "bob", "cyd", "dee")
EDITS = 24_000
ROWS = 500  # edits in one row of the log
FIRST = 1000  # the client id of the first one
WORDS = "palimpsest of hands and hours, over and over again "
KEYSTROKES = 4_000
TURN = 100  # keystrokes that wait when a turn begins


class Writer:
    """Counts what it is told."""

    stuck = False

    def __init__(self, author: str) -> None:
        self.author = author
        self.told = 0

    def stored(self, _seq: int) -> None:
        self.told += 1

    def refused(self, refusal: Exception) -> None:
        raise refusal

    lost = refused

    def bring(self, clients: int) -> None:
        pass

    def resync(self, state_vector: bytes) -> bool:
        raise AssertionError(state_vector)


class Parking:
    """Nothing waits in it."""

    def retry(self, *_: Any) -> None:
        pass


def person(client: int, sent: list[bytes], state: bytes | None = None) -> "Doc[Text]":
    doc: Doc[Text] = Doc(client_id=client)
    if state:
        doc.apply_update(state)
    doc.observe(lambda event: sent.append(event.update))
    return doc


def written(edits: int) -> tuple[MemoryStore, int]:
    """An article in the log of a store, some hundred edits a row."""
    store, chance = MemoryStore(), random.Random(1)
    known(store, *PEOPLE)
    article, live = begun(store).id, LiveArticle(ROOT, {}, 100)
    rules, clocks = full_rules(SETTINGS), [0] * len(PEOPLE)
    for start in range(0, edits, ROWS):
        who, made = start // ROWS % len(PEOPLE), []
        for _ in range(ROWS):
            update, clocks[who] = edited(live, chance, who, clocks)
            made.append(live.admit(update, PEOPLE[who], start * 1000, rules))
        (edit,) = merge_edits(edit for edit in made if edit is not None)
        live.document.apply([edit.payload])
        store.log.append([Append(article, live.head, (row_of(edit),), live.claims([edit]))], NOON)
        live.committed([edit])
    return store, article


def edited(
    live: LiveArticle, chance: random.Random, who: int, clocks: list[int]
) -> tuple[bytes, int]:
    """An edit on what was there when the turn began: mostly words, sometimes a deletion."""
    clock, others = clocks[who], list(weave_of(live).clocks.items())
    if not others:
        origin = (FIRST + who, clock - 1) if clock else None
        root = None if clock else ROOT
        return string(who, clock, origin, None, root), clock + len(WORDS)
    client, end = chance.choice(others)
    at = chance.randrange(end)
    block = weave_of(live).find((client, at))
    if chance.random() < 0.2 and not block.deleted:
        return encode_update((), [Deletion(client, at, min(20, block.end - at))]), clock
    after = (client, at + 1) if at + 1 < block.end else None
    if after is None and block.right is not None:
        after = (block.right.client, block.right.clock)
    return string(who, clock, (client, at), after, None), clock + len(WORDS)


def string(who: int, clock: int, left: Any, right: Any, root: str | None) -> bytes:
    client, size = FIRST + who, len(WORDS)
    return encode_update(
        [Struct(client, clock, size, Kind.STRING, left, right, root, None, WORDS)], ()
    )


def keystrokes(live: LiveArticle, client: int, count: int, *, forth: bool = True) -> list[bytes]:
    """What somebody's tab sends while typing in the middle."""
    sent: list[bytes] = []
    doc = person(client, sent, live.document.diff(b"\0"))
    content, at = doc.get(ROOT, type=Text), 400_000
    sent.clear()
    for number in range(count):
        content.insert(at + (number if forth else 2 * number), "x")
    return sent


def weave_of(live: LiveArticle) -> Weave:
    return live.weave


def best(repeat: int, run: Callable[[], Any]) -> float:
    """Seconds of processor time."""
    times = []
    for _ in range(repeat):
        start = process_time()
        run()
        times.append(process_time() - start)
    return min(times)


def told(what: str, seconds: float, each: int = 0) -> None:
    print(f"{what:58}{seconds * 1e3:9.2f} ms" + (f"{seconds / each * 1e6:9.2f} us" if each else ""))


def loaded(store: MemoryStore, article: int) -> LiveArticle:
    live = load(store, article, ROOT, 100)
    while not live.prepare():
        pass
    return live


def restoring(store: MemoryStore, article: int) -> None:
    def join() -> None:
        live = load(store, article, ROOT, 100)
        live.ledger.authors()
        live.document.diff(b"\0")

    told("load and answer the first join", best(3, join))
    told("load and be ready for edits", best(3, lambda: loaded(store, article)))
    live = loaded(store, article)
    told("state of the article, for a checkpoint", best(3, live.state))
    told("checkpoint, nothing new", best(3, lambda: keep_checkpoint(store, article, ROOT)))
    told("spans", best(3, live.spans))
    told("ledger.authors", best(3, live.ledger.authors))
    told("ledger.encode", best(3, live.ledger.encode))


def slices(store: MemoryStore, article: int) -> None:
    live = load(store, article, ROOT, 100)
    ready, count, longest = False, 0, 0.0
    while not ready:
        start = process_time()
        ready = live.prepare()
        count, longest = count + 1, max(longest, process_time() - start)
    print(f"{count} slices")
    told("longest slice of the preparation", longest)


def typing(store: MemoryStore, article: int, name: str, *, forth: bool, turn: int) -> None:
    def once() -> float:
        live = loaded(store, article)
        updates = keystrokes(live, 77, KEYSTROKES, forth=forth)
        intake, writer = Intake(article, live, Parking()), Writer("ada")  # type: ignore[arg-type]
        submissions = [Submission(writer, update, RULES) for update in updates]  # type: ignore[arg-type]
        begun_at = process_time()
        for start in range(0, KEYSTROKES, turn):
            for submission in submissions[start : start + turn]:
                intake.queue(submission)
            made = intake.admit(1000, lambda: True)
            assert made is not None
            for teller in intake.settle(made):
                teller.stored(live.head)
            made.added()
        spent = process_time() - begun_at
        assert writer.told == KEYSTROKES
        return spent

    told(name, min(once() for _ in range(3)), KEYSTROKES)


def gating(store: MemoryStore, article: int) -> None:
    live = loaded(store, article)
    updates = keystrokes(live, 77, KEYSTROKES)

    rest = iter(updates)

    def admit() -> None:
        for update in islice(rest, TURN):
            live.admit(update, "ada", 1000, RULES)

    told("LiveArticle.admit, the best hundred keystrokes", best(KEYSTROKES // TURN, admit), TURN)


def known_deletions(store: MemoryStore, article: int) -> None:
    live = loaded(store, article)
    dead = [block for block in weave_of(live) if block.deleted]
    gone = [Deletion(block.client, block.clock, block.length) for block in dead]
    update = encode_update((), gone)
    rules = full_rules(SETTINGS)

    def admit() -> None:
        assert live.admit(update, "ada", 0, rules) is None

    told(f"a synced client's delete set, {len(update)} bytes", best(3, admit), len(gone))


def main() -> None:
    store, article = written(EDITS)
    keep_checkpoint(store, article, ROOT)
    prepare_process()
    live = loaded(store, article)
    blocks = sum(1 for _ in weave_of(live))
    print(f"{len(live.text())} characters, {blocks} blocks, {live.head} rows")
    restoring(store, article)
    slices(store, article)
    gating(store, article)
    typing(store, article, "typing, a turn of 1", forth=True, turn=1)
    typing(store, article, f"typing, turns of {TURN}", forth=True, turn=TURN)
    typing(
        store, article, f"single letters here and there, turns of {TURN}", forth=False, turn=TURN
    )
    known_deletions(store, article)


if __name__ == "__main__":
    main()
