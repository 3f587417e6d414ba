"""The results as Markdown: one table for each workload."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.compare.bench import SHARE, Column, Workload
from benchmarks.compare.results import Results

YARDSTICK = "Hocuspocus"
YARDSTICK_ON_DISK = "Hocuspocus, SQLite"
SATURATED = 0.9  # of its core: from here on the load client may have been what was slow
END = "<!-- end of figures -->"


def begin(program: str) -> str:
    """The mark in a page behind which a program writes its tables."""
    return f"<!-- figures: written by {program} -->"


def markdown(results: Results, workloads: Sequence[Workload]) -> str:
    """Everything that was measured, and on what."""
    lines = [f"{name}: {told}" for name, told in results.machine.items()]
    parts = ["; ".join(lines) + f". {results.seconds:g} s of load each."]
    measured = {each.workload for each in results.measurements}
    parts += ["\n".join(_workload(results, each)) for each in workloads if each.name in measured]
    return "\n\n".join(parts) + "\n"


def write_into(path: Path, mark: str, table: str) -> None:
    """Replace what stands between the two marks of a page; ValueError where it has none."""
    page = path.read_text()
    before, begin, rest = page.partition(mark)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path} has no marks {mark} and {END}.")
    path.write_text(f"{before}{mark}\n\n{table}\n{END}{after}")


def _workload(results: Results, workload: Workload) -> Iterator[str]:
    yield f"### {workload.title}\n"
    yardstick = YARDSTICK_ON_DISK if workload.durable_only else YARDSTICK
    heads = [head for column in workload.columns for head in _heads(column, yardstick)]
    yield f"| server | {' | '.join(heads)} | load client |"
    yield f"| --- |{' ---: |' * (len(heads) + 1)}"
    for server in results.servers(workload.name):
        cells = [
            cell
            for column in workload.columns
            for cell in _cells(results, workload, server, column, yardstick)
        ]
        yield f"| {server} | {' | '.join(cells)} | {_client(results, workload, server)} |"
    for server in results.servers(workload.name):
        if failures := results.failures(workload.name, server):
            yield f"\n{server} failed {len(failures)} times: {failures[0]}"


def _heads(column: Column, yardstick: str) -> tuple[str, ...]:
    return (column.head, f"to {yardstick}") if column.compared else (column.head,)


def _cells(
    results: Results, workload: Workload, server: str, column: Column, yardstick: str
) -> tuple[str, ...]:
    found = results.spread(workload.name, server, column.key)
    if found is None:
        cells: tuple[str, ...] = ("", "")
    else:
        median, lowest, highest = (format(each, column.form) for each in found)
        spread = "" if lowest == highest else f" ({lowest} to {highest})"
        cells = (median + spread, _ratio(results, workload, column, yardstick, found.median))
    return cells if column.compared else cells[:1]


def _ratio(
    results: Results, workload: Workload, column: Column, yardstick: str, figure: float
) -> str:
    other = results.spread(workload.name, yardstick, column.key)
    return f"{figure / other.median:.2f} x" if other and other.median else ""


def _client(results: Results, workload: Workload, server: str) -> str:
    share = results.spread(workload.name, server, SHARE)
    if share is None:
        return ""
    told = f"{share.median:.0%}"
    return f"**{told}, saturated**" if share.median > SATURATED else told
