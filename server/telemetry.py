"""What an operator sees: the log, and Prometheus metrics in a registry of the app's own."""

import asyncio

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from server.logs import Log, silent

TURN_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)
COMMIT_ROWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
SCREENING_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
RECALL_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Telemetry:
    """The counters, gauges and log of one app; two apps in one process share nothing."""

    def __init__(self, log: Log | None = None) -> None:
        self.log = log or silent()
        self.registry = CollectorRegistry()
        self.members = self._gauge("members", "Connections that are in a room now.")
        self.rooms = self._gauge("rooms", "Articles that this process has in memory now.")
        self.parked = self._gauge("parked", "Updates that wait for what they build on.")
        self._gauge("tasks", "Tasks of the event loop now.").set_function(_tasks)
        self.overflowed = self._counter(
            "overflowed", "Times that a slow reader was switched to the log."
        )
        self.storage_ok = self._gauge("storage_ok", "1 while edits can be stored, else 0.")
        self.bus_ok = self._gauge(
            "bus_ok", "1 while other processes can be told and heard, else 0; 1 without Redis."
        )
        self.bus_ok.set(1)
        self.bus_told = self._counter("bus_told", "Messages for other processes.")
        self.bus_heard = self._counter("bus_heard", "Messages of other processes that were heard.")
        self.bus_lost = self._counter(
            "bus_lost", "Messages that did not reach Redis, which was gone or too slow."
        )
        self.bus_ignored = self._counter(
            "bus_ignored", "Messages without the seal of our secret key: forged, spoilt or foreign."
        )
        self.bus_missed = self._counter(
            "bus_missed", "Times that messages may have been lost, so that the log was read."
        )
        self._faults = self._counter("faults", "Failures of the program or its database.")
        self._left = Counter(
            "palimpsest_left",
            "Connections that ended, by how: closed, stalled, silent, too-large or wrong.",
            ["how"],
            registry=self.registry,
        )
        self.quarantined = self._gauge(
            "quarantined", "Updates in quarantine that are not released."
        )
        self.restarts = Counter(
            "palimpsest_worker_restarts",
            "Workers that were replaced since the start, by reason: stalled or died.",
            ["reason"],
            registry=self.registry,
        )
        self._refusals = Counter(
            "palimpsest_refusals", "Refusals by code.", ["code"], registry=self.registry
        )
        self._turns = Histogram(
            "palimpsest_turn_seconds",
            "Committer turns: time from the gate to the fan-out.",
            buckets=TURN_SECONDS,
            registry=self.registry,
        )
        self._commits = Histogram(
            "palimpsest_commit_seconds",
            "Committer turns: time until the log has what is new.",
            buckets=TURN_SECONDS,
            registry=self.registry,
        )
        self._commit_rows = Histogram(
            "palimpsest_commit_rows",
            "Committer turns: rows that were stored together.",
            buckets=COMMIT_ROWS,
            registry=self.registry,
        )
        self.head_lag = self._gauge(
            "head_lag", "Rows by which the article farthest behind lagged at the last look."
        )
        self._healed = self._counter(
            "healed", "Rows of other processes that were read from the log, since no news came."
        )
        self.renewed = self._counter(
            "renewed", "Rooms made anew, since other processes stored what theirs could not follow."
        )
        self._rows = self._counter("rows", "Rows written to the update log.")
        self._bytes = self._counter("update_bytes", "Bytes of updates written to the update log.")
        self._room_turns = self._counter("room_turns", "Rooms that had something in a turn.")
        self._delivered = self._counter("delivered", "Turns handed to members.")
        self._screened = Histogram(
            "palimpsest_screening_seconds",
            "Large updates: time in a screening process.",
            buckets=SCREENING_SECONDS,
            registry=self.registry,
        )
        self._recalled = Histogram(
            "palimpsest_historian_seconds",
            "Jobs about the past: time in the historian's process.",
            buckets=RECALL_SECONDS,
            registry=self.registry,
        )
        self.historians_lost = self._counter(
            "historians_lost", "Historian processes that died of a job, or took too long over it."
        )
        self.revisions = Counter(
            "palimpsest_revisions",
            "Revisions made, by reason: named, quiet, work or left.",
            ["reason"],
            registry=self.registry,
        )
        self.doubts = self._counter(
            "doubts", "Revisions whose text or authors came out differently in different ways."
        )
        self._requests = Counter(
            "palimpsest_http_requests",
            "HTTP requests by method, route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )

    def refused(self, code: str) -> None:
        """Count a refusal; `code` is its class's, never outside text."""
        self._refusals.labels(code).inc()

    def left(self, how: str) -> None:
        """Count a connection that ended; see server.wire for how."""
        self._left.labels(how).inc()

    def fault(self, event: str) -> None:
        """Count a failure of ours, or of the database, and log it with the exception in hand."""
        self._faults.inc()
        self.log.exception(event)  # noqa: LOG004 - called where an exception is being handled

    def turn(self, rooms: int, rows: int, size: int, commit: float, seconds: float) -> None:
        """Count a committer turn over `rooms` rooms that stored `rows` rows of `size` bytes.

        It took `seconds`, the `commit` of them until the log had them.
        """
        self._turns.observe(seconds)
        self._commits.observe(commit)
        self._commit_rows.observe(rows)
        self._room_turns.inc(rooms)
        self._rows.inc(rows)
        self._bytes.inc(size)

    def healed(self, rows: int) -> None:
        """Count rows that the log told and the bus did not."""
        self._healed.inc(rows)

    def delivered(self, members: int) -> None:
        """Count the members that one turn was handed to."""
        self._delivered.inc(members)

    def screened(self, seconds: float) -> None:
        """Note how long a screening process took."""
        self._screened.observe(seconds)

    def recalled(self, seconds: float) -> None:
        """Note how long the historian's process was at a job."""
        self._recalled.observe(seconds)

    def requested(self, method: str, route: str, status: int) -> None:
        """Count an HTTP request; `route` is the pattern of the route, never the path."""
        self._requests.labels(method, route, str(status)).inc()

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"palimpsest_{name}", meaning, registry=self.registry)

    def _counter(self, name: str, meaning: str) -> Counter:
        return Counter(f"palimpsest_{name}", meaning, registry=self.registry)


def _tasks() -> int:
    try:
        return len(asyncio.all_tasks())
    except RuntimeError:  # asked outside of a loop, where there are none
        return 0
