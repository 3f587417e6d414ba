"""What the log promises when its writers are processes, and when they are killed."""

import random

from persistence.store import open_store
from tests.support import writing
from tests.support.stores import begun

ROUNDS = 4


def test_writing_processes_leave_no_gap(url: str) -> None:
    store = open_store(url)
    article = begun(store).id
    writers = [writing.started(url, article, "ada", name, 40) for name in ("one", "two")]
    told = [writer.communicate()[0].splitlines() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    entries = list(store.log.read(article))
    assert [entry.seq for entry in entries] == list(range(1, 81))
    assert sorted(int(line.split()[0]) for lines in told for line in lines) == list(range(1, 81))
    store.close()


def test_a_killed_writer_loses_nothing_that_it_was_told_is_stored(url: str) -> None:
    store = open_store(url)
    article, chance = begun(store).id, random.Random(7)
    acknowledged: dict[int, bytes] = {}
    for turn in range(ROUNDS):
        acknowledged |= killed(url, article, f"turn {turn}", chance.randrange(1, 120))
    stored = {entry.seq: entry.payload for entry in store.log.read(article)}
    assert acknowledged.items() <= stored.items()
    assert sorted(stored) == list(range(1, len(stored) + 1))
    assert store.log.heads([article]) == {article: len(stored)}
    store.close()


def killed(url: str, article: int, name: str, rows: int) -> dict[int, bytes]:
    """Kill a writer soon after it has told `rows` rows; give all that it told until its end."""
    with writing.started(url, article, "ada", name, 10**6) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(rows)]
        writer.kill()
        lines += writer.stdout.readlines()
    pairs = [line.split() for line in lines if line.endswith("\n")]
    return {int(seq): writing.payload(name, int(number)) for seq, number in pairs}
