"""What a run promises: the same again for the same seed, and to notice what is wrong."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crdt.carry import Carry
from persistence.log import Append
from server.elsewhere import Elsewhere
from server.follower import Follower
from tests.simulation.plan import Plan, Troubles
from tests.simulation.run import run
from tests.simulation.storage import Disk

SEED = 4
ENOUGH = 40  # seeds, among which some notice
TREE = Path(__file__).parents[2]


def _wrong(troubles: Troubles | None = None) -> Sequence[str]:
    """Give what the first seed says that notices something, in troubles of its own or in these."""
    for seed in range(ENOUGH):
        plan = Plan.of(seed, 2)
        if wrong := run(replace(plan, troubles=troubles or plan.troubles)).wrong:
            return wrong
    return ()


def test_a_seed_is_the_same_run_again() -> None:
    assert run(Plan.of(SEED)) == run(Plan.of(SEED))


def test_another_seed_is_another_run() -> None:
    assert run(Plan.of(SEED)).fingerprint != run(Plan.of(SEED + 1)).fingerprint


@pytest.mark.parametrize("hashes", ["1", "2"])
def test_a_seed_is_the_same_run_in_another_interpreter(hashes: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tests.simulation", str(SEED)],
        capture_output=True,
        check=True,
        cwd=TREE,
        env={**os.environ, "PYTHONHASHSEED": hashes},
        text=True,
    )
    assert run(Plan.of(SEED)).fingerprint in shown.stdout


def test_it_is_noticed_when_the_log_forgets_what_it_said_is_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forget(_disk: Disk, _batch: Sequence[Append], _at: datetime) -> dict[int, Any]:
        return {}

    monkeypatch.setattr(Disk, "append", forget)
    assert any("durable" in each for each in _wrong())


def test_it_is_noticed_when_undo_takes_text_from_its_author(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Carry, "carry", lambda *_: None)
    assert any("'s, not author" in each for each in _wrong())


def test_it_is_noticed_when_news_are_lost_and_nobody_reads_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(*_: Any) -> None:
        pass

    monkeypatch.setattr(Follower, "catch_up", never)
    assert any("the log" in each for each in _wrong(Troubles(message_lost=0.3)))


def test_it_is_noticed_when_the_people_of_a_dead_process_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Elsewhere, "forget", lambda *_: [])
    troubles = Troubles(kill_every=0.5, reload_every=0.5)
    assert "somebody sees people who have gone" in _wrong(troubles)
