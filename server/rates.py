"""Rates: how much one author, and one address, may ask of the server in a time.

Who goes over is told and slowed down, or asked to come back later; it is never sent away from an
article, since a stock client would be back at once.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.strategies import FixedWindowRateLimiter

from server.refusals import TooManyClients, TooManyConnections
from server.settings import Settings
from server.windows import Windows

BURST_SECONDS = 10  # what comes within them counts together: a paste, a day offline
MOST_PAUSE = 2.0  # seconds; stock clients hang up after 30 seconds of silence
BATCH = 64  # messages that a connection counts by itself before it says so
BATCH_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """So much of something, in a time, for whoever has this key."""

    item: RateLimitItem
    key: str


class Rates:
    """What has been spent lately in one app; `clock` gives seconds, from any start."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._windows = FixedWindowRateLimiter(Windows(clock))
        self._open: Counter[str] = Counter()  # connections by author or address

    def seat(self, address: str) -> "Seat":
        """Take a seat for a connection from `address`; TooManyConnections."""
        chosen = self._settings
        seat = Seat(self, self._open)
        seat.take(
            f"address {address}", chosen.address_connections, chosen.address_connections_per_minute
        )
        return seat

    def seat_author(self, seat: "Seat", author: str) -> None:
        """Count the author on a seat, too; TooManyConnections."""
        chosen = self._settings
        seat.take(
            f"author {author}", chosen.author_connections, chosen.author_connections_per_minute
        )

    def meter(self, author: str | None, address: str, article: int) -> "Meter":
        """Make the meter of a connection; those without a name share one for their address."""
        chosen = self._settings
        who, where = author or f"anybody at {address}", f"address {address}"
        messages = [
            _per_second(chosen.author_messages_per_second, "messages", who),
            _per_second(chosen.address_messages_per_second, "messages", where),
        ]
        sizes = [
            _per_second(chosen.author_bytes_per_second, "bytes", who),
            _per_second(chosen.address_bytes_per_second, "bytes", where),
        ]
        clients = [
            _per_minute(chosen.author_clients_per_minute, "clients", f"{who} in {article}"),
            _per_minute(chosen.address_clients_per_minute, "clients", where),
        ]
        return Meter(self, _chosen(messages), _chosen(sizes), _chosen(clients))

    def spend(self, budgets: Iterable[Budget], cost: int) -> float:
        """Count what has been used already; give the seconds until there is more to use."""
        over = [b for b in budgets if not self._windows.hit(b.item, b.key, cost=cost)]
        return self._until_more(over)

    def ask(self, budgets: Iterable[Budget], cost: int) -> float:
        """Count what is going to be used, if there is enough; else give the seconds until then."""
        budgets = tuple(budgets)
        lacking = [b for b in budgets if not self._windows.test(b.item, b.key, cost=cost)]
        if not lacking:
            self.spend(budgets, cost)
        return self._until_more(lacking)

    def _until_more(self, budgets: Iterable[Budget]) -> float:
        return max(map(self._until_next, budgets), default=0.0)

    def _until_next(self, budget: Budget) -> float:
        """Give the seconds until the next window; a whole one when none has begun."""
        end = self._windows.get_window_stats(budget.item, budget.key).reset_time
        return end - self._clock() or budget.item.get_expiry()


class Seat:
    """One connection among those of its author and of its address."""

    def __init__(self, rates: Rates, taken: Counter[str]) -> None:
        self._rates = rates
        self._taken = taken
        self._keys: list[str] = []

    def take(self, key: str, at_once: int, per_minute: int) -> None:
        """Count the connection under `key`; TooManyConnections. A limit of 0 is none."""
        if at_once and self._taken[key] >= at_once:
            raise TooManyConnections("Too many connections are open already.", BURST_SECONDS)
        pause = self._rates.ask(_chosen([_per_minute(per_minute, "connections", key)]), 1)
        if pause:
            raise TooManyConnections("Too many connections were opened lately.", ceil(pause))
        self._taken[key] += 1
        self._keys.append(key)

    def release(self) -> None:
        """Give the seat back; doing so again changes nothing."""
        while self._keys:
            key = self._keys.pop()
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]


class Meter:
    """What one connection spends, counted here and told to the app's rates in batches."""

    __slots__ = ("_bytes", "_clients", "_left", "_messages", "_rates", "_received", "_sizes")

    def __init__(
        self,
        rates: Rates,
        messages: tuple[Budget, ...],
        sizes: tuple[Budget, ...],
        clients: tuple[Budget, ...],
    ) -> None:
        self._rates = rates
        self._messages = messages
        self._sizes = sizes
        self._clients = clients
        self._left = self._received = BATCH
        self._bytes = 0

    def spend(self, size: int) -> float:
        """Count a message of `size` bytes; give the seconds for which to read nothing, mostly 0."""
        self._left -= 1
        self._bytes += size
        if self._left and self._bytes < BATCH_BYTES:
            return 0.0
        return self._settle()

    def _settle(self) -> float:
        """Tell what was counted; one that has gone over is looked at after every message."""
        pause = max(
            self._rates.spend(self._messages, self._received - self._left),
            self._rates.spend(self._sizes, self._bytes),
        )
        self._bytes = 0
        self._left = self._received = 1 if pause else BATCH
        return min(pause, MOST_PAUSE)

    def bring(self, clients: int) -> None:
        """Count client ids that the article has not seen; TooManyClients, then none is counted."""
        if self._rates.ask(self._clients, clients):
            raise TooManyClients("Too many new client ids came lately; please try again later.")


def _chosen(budgets: Iterable[Budget | None]) -> tuple[Budget, ...]:
    return tuple(budget for budget in budgets if budget is not None)


def _per_second(amount: int, what: str, key: str) -> Budget | None:
    if not amount:
        return None
    return Budget(RateLimitItemPerSecond(amount * BURST_SECONDS, BURST_SECONDS, what), key)


def _per_minute(amount: int, what: str, key: str) -> Budget | None:
    return Budget(RateLimitItemPerMinute(amount, 1, what), key) if amount else None
