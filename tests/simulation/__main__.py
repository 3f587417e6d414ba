"""Shows all that happens in the run of a seed: `python -m tests.simulation SEED [PROCESSES]`."""

import sys

from tests.simulation.plan import Plan
from tests.simulation.run import run
from tests.simulation.standins import stood_in

plan = Plan.of(*map(int, sys.argv[1:]))
print(plan)
with stood_in():
    outcome = run(plan, print)
print(outcome)
sys.exit(bool(outcome.wrong))
