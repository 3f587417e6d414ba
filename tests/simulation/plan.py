"""A plan: what a seed's run is made of, who takes part in it and what goes wrong.

Each run has only some of the troubles, so that one does not hide what another would show.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.simulation.chance import Chance

SMALL = 400  # bytes of an outbox that overflows soon, and holds a few questions and refusals


@dataclass(frozen=True)
class Troubles:
    """How often what goes wrong; probabilities of each occasion, or mean seconds between two."""

    commit_fails: float = 0.0
    commit_is_unknown: float = 0.0  # stored, and reported as failed
    commit_is_late: float = 0.0  # reported as failed, and stored after that
    commit_hangs: float = 0.0
    read_fails: float = 0.0
    outage_every: float = 0.0  # the store does not answer for a while
    message_lost: float = 0.0
    message_repeated: float = 0.0
    message_late: float = 0.0  # so that others overtake it
    loss_told: float = 0.0  # of what was lost
    bus_stalls_every: float = 0.0
    link_breaks_every: float = 0.0
    link_stalls_every: float = 0.0
    kill_every: float = 0.0
    stop_every: float = 0.0
    reload_every: float = 0.0  # for each person


@dataclass(frozen=True)
class Plan:
    """The run of a seed; times are in seconds."""

    seed: int
    processes: int
    authors: tuple[int, ...]  # the author of each client, by number
    seconds: float
    pause: float  # between two deeds of a client
    latency: float  # of the network
    commit: float
    troubles: Troubles
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def slow_readers(self) -> bool:
        """Whether members are likely to lag."""
        return bool(self.settings["outbox_bytes"] == SMALL)

    @staticmethod
    def of(seed: int, processes: int | None = None) -> "Plan":
        """Draw the plan of a seed, with a number of processes that may be given."""
        chance = Chance(seed, "plan")
        drawn = chance.choice([1, 2, 2, 3])
        clients = chance.randint(2, 5)
        return Plan(
            seed,
            drawn if processes is None else processes,
            tuple(chance.randrange(clients) for _ in range(clients)),
            seconds=chance.uniform(1.5, 4.5),
            pause=chance.choice([0.1, 0.25, 0.5]),
            latency=chance.choice([0.0, 0.002, 0.02, 0.2]),
            commit=chance.choice([0.0005, 0.005, 0.1]),
            troubles=_troubles(chance),
            settings=_settings(chance),
        )


def _troubles(chance: Chance) -> Troubles:
    def some(*amounts: float) -> float:
        return chance.choice((0.0, *amounts))

    return Troubles(
        commit_fails=some(0.02, 0.1),
        commit_is_unknown=some(0.02, 0.1),
        commit_is_late=some(0.02, 0.1),
        commit_hangs=some(0.02),
        read_fails=some(0.02, 0.2),
        outage_every=some(3.0),
        message_lost=some(0.02, 0.3),
        message_repeated=some(0.1),
        message_late=some(0.1, 0.5),
        loss_told=chance.choice([0.0, 0.5, 1.0]),
        bus_stalls_every=some(2.0),
        link_breaks_every=some(1.0, 4.0),
        link_stalls_every=some(1.0, 4.0),
        kill_every=some(1.0, 3.0),
        stop_every=some(3.0),
        reload_every=some(4.0),
    )


def _settings(chance: Chance) -> dict[str, Any]:
    return {
        "outbox_bytes": chance.choice([SMALL, 1 << 20]),
        "checkpoint_every": chance.choice([3, 10, 2_000]),
        "idle_room_seconds": chance.choice([0.5, 60.0]),
        "parked_updates": chance.choice([4, 256]),
        "loop_update_structs": chance.choice([15, 500]),
        "farewell_seconds": chance.choice([0.1, 1.0]),
    }
