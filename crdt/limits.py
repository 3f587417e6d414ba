"""How much one update may hold."""

from dataclasses import dataclass

from crdt.errors import UpdateTooLarge

MAX_CLOCK = 2**31 - 1  # no clock, and no end of a range, is beyond it


@dataclass(frozen=True, slots=True)
class UpdateLimits:
    """Bounds that hold before anything is allocated for what they bound."""

    size: int = 1 << 24  # bytes
    structs: int = 5_000
    deletions: int = 5_000  # ranges
    clients: int = 1_000  # in the structs, in the deletions, in a state vector
    values: int = (
        50_000  # in all JSON and Any together; reading one takes half a microsecond to two
    )
    nesting: int = 64  # lists and maps inside each other in one value


# What our own log and checkpoints may hold: whatever was admitted, piece by piece.
OWN_LIMITS = UpdateLimits(size=2**31, structs=2**31, deletions=2**31, clients=2**31, values=2**31)


class Allowance:
    """What is left of an update's limits for the values inside its contents."""

    __slots__ = ("_values", "nesting")

    def __init__(self, nesting: int, values: int) -> None:
        self.nesting = nesting
        self._values = values

    def spend(self, values: int) -> None:
        """Take so many values off; UpdateTooLarge where they are not left."""
        self._values -= values
        if self._values < 0:
            raise UpdateTooLarge("An update holds too many values.")
