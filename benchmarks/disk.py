"""How long the disk takes over what a turn writes: the floor of every edit's latency.

    python -m benchmarks.disk --folder /var/lib/palimpsest

A file grows by three pages, as SQLite's write-ahead log does, and is synced; then there is a pause.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

PAGES = 3 * 4_120  # bytes: three pages of a write-ahead log, each with its header
PAUSE = 0.008  # seconds between turns under load


def synced(folder: Path, seconds: float) -> list[float]:
    """Write and sync for so long; give the milliseconds that each time took."""
    took = []
    until = time.monotonic() + seconds
    with tempfile.TemporaryFile(dir=folder) as file:
        while time.monotonic() < until:
            time.sleep(PAUSE)
            begun = time.perf_counter()
            os.write(file.fileno(), os.urandom(PAGES))
            os.fdatasync(file.fileno())
            took.append(1_000 * (time.perf_counter() - begun))
    return took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    took = synced(options.folder, options.seconds)
    late = quantiles(took, n=100)[98]
    print(
        f"{len(took)} times: median {median(took):.2f} ms, p99 {late:.1f} ms, worst {max(took):.1f}"
    )


if __name__ == "__main__":
    main()
