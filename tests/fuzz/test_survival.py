"""Nothing that can be sent kills, hangs or confuses the process: only refusals come out."""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]


def survives(target: str, inputs: int, seed: int, folder: Path) -> None:
    kept = folder / "present.hex"
    child = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.child", target, str(inputs), str(seed), str(kept)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    present = kept.read_bytes().split(b"\n")[0].decode() if kept.exists() else "nothing"
    assert child.returncode == 0, (
        f"{child.stderr[-4000:]}\nended with {child.returncode} (seed {seed}) at input {present}"
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_the_decoder_survives_anything(seed: int, tmp_path: Path) -> None:
    survives("decoder", 30_000, seed, tmp_path)


def test_an_article_survives_anything(tmp_path: Path) -> None:
    survives("article", 10_000, 3, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 104))
@pytest.mark.parametrize(("target", "inputs"), [("decoder", 1_000_000), ("article", 200_000)])
def test_a_long_run_is_survived(target: str, inputs: int, seed: int, tmp_path: Path) -> None:
    survives(target, inputs, seed, tmp_path)
