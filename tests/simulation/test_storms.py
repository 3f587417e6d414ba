"""Storms of many seeds, over any number of processes.

pytest tests/simulation --seeds 100000      more of them
pytest tests/simulation --seed 17           one of them
python -m tests.simulation 17               all that happens in it
"""

from tests.simulation.plan import Plan
from tests.simulation.run import run


def test_after_a_storm_all_replicas_are_the_log_and_everybody_has_written_what_they_wrote(
    seeds: range,
) -> None:
    for seed in seeds:
        outcome = run(Plan.of(seed))
        assert not outcome.wrong, f"python -m tests.simulation {seed}: {outcome.wrong}"
