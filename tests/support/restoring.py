"""Restoring at a desk: revisions of its article brought back, as the server does it."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from crdt.edit import Edit
from crdt.filling import filled
from crdt.letters import gaps
from crdt.livearticle import LiveArticle
from crdt.restoration import Restoration
from crdt.standing import Standing, standing
from tests.support.people import MINUTE, ROOT, RULES, Desk, desk, live_article

Rows = Sequence[tuple[int, Edit]]


def at(rows: Rows, seq: int) -> LiveArticle:
    """The article after row `seq`."""
    live = live_article()
    live.replay(rows[:seq])
    return live


def authors(live: LiveArticle) -> list[tuple[str, str]]:
    """Every character of the text with its author."""
    text = live.text()
    return [
        (character, span.author)
        for span in live.spans()
        for character in text[span.start : span.start + span.length]
    ]


def towards(
    live: LiveArticle, wanted: Standing | Iterable[tuple[int, int, int]], client: int = 0
) -> Restoration:
    """What brings the wanted text back, by a client that nobody has used."""
    if not isinstance(wanted, Standing):
        wanted = Standing(wanted)
    client = client or 1_000_000 + len(live.weave.clocks)
    return filled(live.weave, gaps(live.weave, live.ledger, wanted), ROOT, client)


def to_seq(table: Desk, seq: int, client: int = 0) -> Restoration:
    """What brings the text after a row back."""
    return towards(table.live, standing(at(table.rows, seq).weave), client)


def put(table: Desk, wish: Restoration, author: str) -> Edit | None:
    """Admit, apply and commit a restoration as a row of its own."""
    at_ms = MINUTE * len(table.rows)
    edit = table.live.restore(wish, author, at_ms, RULES)
    if edit is not None:
        table.frames.append(table.live.document.apply([edit.payload]))
        table.live.committed([edit])
        table.rows.append((at_ms, edit))
    return edit


def go_on(table: Desk, chance: random.Random, steps: int) -> None:
    """Let people edit, seldom in step with each other."""
    for _ in range(steps):
        person = chance.choice(table.people)
        person.act(chance)
        if chance.random() < 0.6:
            table.send(person)
        if chance.random() < 0.4:
            person.receive(table.frames)


def in_another_order(rows: Rows, chance: random.Random) -> Iterator[Edit]:
    """The rows in any order in which each comes after all that it builds on."""
    left = [edit for _, edit in rows]
    clocks: Counter[int] = Counter()
    while left:
        edit = chance.choice([each for each in left if _builds_on(each, clocks)])
        left.remove(edit)
        yield edit
        for struct in edit.structs:
            clocks[struct.client] = max(clocks[struct.client], struct.clock + struct.length)


def _builds_on(edit: Edit, clocks: Counter[int]) -> bool:
    """Whether the clocks, and the edit itself, have everything that it needs."""
    known = clocks.copy()
    for struct in edit.structs:
        needed = [(struct.client, struct.clock - 1), struct.origin, struct.right_origin]
        if any(each is not None and each[1] >= known[each[0]] for each in needed):
            return False
        known[struct.client] = struct.clock + struct.length
    return all(clock + length <= known[client] for client, clock, length in edit.deletions)


def scattered() -> Desk:
    """Ada wrote ten words, and Bo deleted every second one."""
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "".join(f"word{n} " for n in range(10)))
    table.share()
    for n in range(5):
        bo.delete(6 * n, 6 * n + 6)
    table.share()
    return table
