"""Results: every measurement with its circumstances, as JSON; medians and ranges of them."""

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Self

from benchmarks.compare.installing import NODE_PACKAGES, PYTHON_PACKAGES, Peers


@dataclass(frozen=True)
class Measurement:
    """The figures of one workload on one server, once."""

    workload: str
    server: str
    repetition: int
    load_average: float  # of the machine, just before
    figures: Mapping[str, float]
    failure: str = ""  # why there are no figures


class Spread(NamedTuple):
    """What several repetitions gave."""

    median: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Results:
    """A run of the comparison."""

    machine: Mapping[str, str]
    seconds: float
    measurements: list[Measurement]

    def spread(self, workload: str, server: str, key: str) -> Spread | None:
        """The figure of all repetitions; None where it was not measured."""
        found = [
            each.figures[key]
            for each in self.measurements
            if (each.workload, each.server) == (workload, server) and key in each.figures
        ]
        return Spread(statistics.median(found), min(found), max(found)) if found else None

    def failures(self, workload: str, server: str) -> Sequence[str]:
        """Why repetitions have no figures."""
        return [
            each.failure
            for each in self.measurements
            if (each.workload, each.server) == (workload, server) and each.failure
        ]

    def servers(self, workload: str) -> Sequence[str]:
        """The servers on which a workload was measured, in their order."""
        names = (each.server for each in self.measurements if each.workload == workload)
        return tuple(dict.fromkeys(names))

    def save(self, path: Path) -> None:
        """Write all as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        told: dict[str, Any] = json.loads(path.read_text())
        measurements = [Measurement(**each) for each in told.pop("measurements")]
        return cls(**told, measurements=measurements)


def machine(peers: Peers) -> dict[str, str]:
    """On what, when and with which versions."""
    node = subprocess.run([peers.node, "--version"], capture_output=True, text=True, check=True)
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "Python": f"{platform.python_version()}, {Path(sys.executable).resolve()}",
        "Node": node.stdout.strip().removeprefix("v"),
        "ours": f"{version('palimpsest')}, commit {_commit()}",
        **NODE_PACKAGES,
        **dict(each.split("==") for each in PYTHON_PACKAGES),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    here = Path(__file__).parent
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
