"""Chance: all that is random in a run, from one seed.

Whoever draws has a stream of their own, so that one more draw of somebody changes nobody else's.
"""

import random
from typing import Self


class Chance(random.Random):
    """A stream of the run with `seed`, for whoever is called `name`."""

    def __new__(cls, seed: int, name: str) -> Self:  # noqa: ARG004 - Random takes one seed
        return super().__new__(cls)

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(f"{seed} {name}")

    def happens(self, probability: float) -> bool:
        """Whether something happens that does so with this probability."""
        return self.random() < probability

    def lasts(self, mean: float, most: float = 30.0) -> float:
        """Seconds that something takes: mostly short, seldom long."""
        return min(self.expovariate(1 / mean), most) if mean else 0.0
