"""The command: chooses, installs, measures in turns, and writes down."""

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compare.bench import Bench, Workload, bench
from benchmarks.compare.installing import Peers, default_folder
from benchmarks.compare.ours import Palimpsest
from benchmarks.compare.results import Measurement, Results, machine
from benchmarks.compare.servers import Server, peers
from benchmarks.compare.table import begin, markdown, write_into
from benchmarks.compare.workloads import WORKLOADS

OPEN_FILES = 16_384
LOG_TOLD = 2_000  # characters of a server's log that are shown when it fails
OURS, ON_DISK_ONLY = Palimpsest.name, "Hocuspocus, SQLite"


@dataclass(frozen=True)
class Comparison:
    """What a program compares: it does all the workloads on all the servers."""

    program: str
    workloads: Sequence[Workload]
    servers: Callable[[Peers, int], AbstractContextManager[Sequence[Server]]]  # on which core
    bench: type[Bench] = Bench


def main(comparison: Comparison, arguments: Sequence[str] | None = None) -> None:
    """Run the command; figures go to standard output, progress to standard error."""
    options = _options(comparison).parse_args(arguments)
    results = Results.load(options.render) if options.render else _measure(comparison, options)
    if options.json:
        results.save(options.json)
    table = markdown(results, comparison.workloads)
    if options.write:
        write_into(options.write, begin(comparison.program), table)
    print(table)


def _options(comparison: Comparison) -> argparse.ArgumentParser:
    program = f"python -m {comparison.program}"
    options = argparse.ArgumentParser(prog=program, description=__doc__)
    names = [each.name for each in comparison.workloads]
    add = options.add_argument
    add("--workload", action="append", choices=names, help="only this one; may be repeated")
    add("--server", action="append", metavar="NAME", help="only this one; may be repeated")
    add("--folder", type=Path, default=default_folder(), help="where the peers are installed")
    add("--seconds", type=float, default=6.0, help="of load in each measurement")
    add("--repetitions", type=int, default=3, help="of each measurement, interleaved")
    add("--server-core", type=int, default=0, help="the core on which the servers run")
    add("--client-core", type=int, default=1, help="the core of the load client")
    add("--json", type=Path, help="file for all figures")
    add("--write", type=Path, metavar="PAGE", help="page that has a place for the tables")
    add("--render", type=Path, metavar="JSON", help="measure nothing, show what --json once wrote")
    return options


@contextmanager
def alone(installed: Peers, _core: int) -> Iterator[Sequence[Server]]:
    """Ours and the peers, each by itself."""
    with tempfile.TemporaryDirectory(prefix="palimpsest-template-") as folder:
        yield Palimpsest(Path(folder) / "data"), *peers(installed)


ALONE = Comparison("benchmarks.compare", WORKLOADS, alone)


def _measure(comparison: Comparison, options: argparse.Namespace) -> Results:
    _make_room(options.client_core)
    installed = Peers(options.folder)
    if options.server != [OURS]:
        installed.install()
    results = Results(machine(installed), options.seconds, [])
    with comparison.servers(installed, options.server_core) as servers:
        for repetition in range(options.repetitions):
            for workload, server in _pairs(comparison.workloads, options, servers):
                given = (options.folder, options.server_core, options.seconds, repetition)
                with bench(server, *given, comparison.bench) as prepared:
                    results.measurements.append(_once(workload, prepared, repetition))
    return results


def _make_room(core: int) -> None:
    """Stay on one core, and allow as many connections as the largest workload has."""
    os.sched_setaffinity(0, {core})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, most), most))


def _pairs(
    workloads: Sequence[Workload], options: argparse.Namespace, servers: Sequence[Server]
) -> Iterator[tuple[Workload, Server]]:
    for workload in workloads:
        if options.workload is None or workload.name in options.workload:
            yield from ((workload, each) for each in servers if _asked(options, workload, each))


def _asked(options: argparse.Namespace, workload: Workload, server: Server) -> bool:
    if options.server is not None and server.name not in options.server:
        return False
    if workload.durable_only:
        return server.durable
    return options.server is not None or server.name != ON_DISK_ONLY


def _once(workload: Workload, prepared: Bench, repetition: int) -> Measurement:
    before = os.getloadavg()[0]
    name = prepared.server.name
    print(f"{repetition + 1}. {workload.name}, {name}", file=sys.stderr, flush=True)
    figures, failure = _figures(workload, prepared)
    told = ", ".join(f"{key} {figure:.4g}" for key, figure in figures.items())
    print(f"   {told}{failure}", file=sys.stderr, flush=True)
    return Measurement(workload.name, name, repetition, before, figures, failure)


def _figures(workload: Workload, prepared: Bench) -> tuple[dict[str, float], str]:
    """Measure; a server that ends or does not answer is a result, too."""
    try:
        return dict(workload.measure(prepared)), ""
    except (OSError, RuntimeError) as error:
        print(prepared.log.read_text(errors="replace")[-LOG_TOLD:], file=sys.stderr)
        return {}, f"{type(error).__name__}: {error}"
