"""The benchmark of the history runs from making its article to its last figure."""

import re
import subprocess
import sys
from pathlib import Path

from tests.support.serving import CODE_FOLDER

FIGURES = re.compile(r"^(.+?) {2,}([\d,]+) +([\d.]+) +([\d.]+) +([\d.]+)$", re.MULTILINE)


def _run(folder: Path) -> str:
    options = ["--rows", "3000", "--only", "server", "--folder", str(folder)]
    command = [sys.executable, "-m", "benchmarks.history", *options]
    run = subprocess.run(command, cwd=CODE_FOLDER, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


def test_every_request_has_its_figures_and_the_article_is_kept(tmp_path: Path) -> None:
    told = _run(tmp_path / "data")
    assert "made in" in told
    assert "3,000 rows" in told
    assert "never made before: " in told
    rows = FIGURES.findall(told)
    assert len(rows) == 10
    assert all(int(size.replace(",", "")) > 0 for _, size, *_ in rows)
    assert "made in" not in _run(tmp_path / "data")
