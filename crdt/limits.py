"""How much one update may hold."""

from dataclasses import dataclass

MAX_CLOCK = 2**31 - 1  # no clock, and no end of a range, is beyond it


@dataclass(frozen=True, slots=True)
class UpdateLimits:
    """Bounds that hold before anything is allocated for what they bound."""

    size: int = 1 << 24  # bytes
    structs: int = 5_000
    deletions: int = 5_000  # ranges
    clients: int = 1_000  # in the structs, in the deletions, in a state vector
    nesting: int = 64  # lists and maps inside each other in one value
