import os
from pathlib import Path

import pytest

from benchmarks import disk


def test_every_write_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def sync(file: int) -> None:
        sizes.append(os.fstat(file).st_size)

    monkeypatch.setattr(os, "fdatasync", sync)
    took = disk.synced(tmp_path, 0.1)
    assert sizes == [disk.PAGES * (turn + 1) for turn in range(len(took))]
    assert took
    assert not list(tmp_path.iterdir())
