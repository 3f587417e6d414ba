"""Two instances, measured: that the figures are complete, and never how large they are."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.cluster.pair import Instances
from benchmarks.cluster.servers import Palimpsest
from benchmarks.cluster.workloads import WORKLOADS, Across, OneWriterAcross
from benchmarks.compare import table
from benchmarks.compare.bench import Workload, bench
from tests.support import redis

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Palimpsest]:
    with redis.running() as news:
        yield Palimpsest(tmp_path_factory.mktemp("template") / "data", news)


@pytest.mark.parametrize("workload", [Across("few", "few people", 4, 5.0), OneWriterAcross()])
def test_what_is_typed_at_one_instance_is_read_at_the_other(
    ours: Palimpsest, tmp_path: Path, workload: Workload
) -> None:
    core = min(os.sched_getaffinity(0))
    with bench(ours, tmp_path, core, seconds=0.5, seed=1, kind=Instances) as prepared:
        figures = workload.measure(prepared)
    assert figures["missing"] == 0
    assert figures["updates"] > 0
    assert {column.key for column in workload.columns} <= figures.keys()


def test_the_page_about_performance_names_every_workload() -> None:
    told = PAGE.read_text()
    assert table.begin("benchmarks.cluster") in told
    for workload in WORKLOADS:
        assert f"`{workload.name}`" in told, f"{workload.name} is not described"
