"""The servers that are compared: how each is started, and how its clients speak."""

from pathlib import Path
from typing import Protocol

from benchmarks.compare import dialects
from benchmarks.compare.installing import Peers
from benchmarks.compare.running import Command


class Server(Protocol):
    """One of those that are compared."""

    name: str
    durable: bool  # whether it keeps articles on disk
    dialect: dialects.Dialect

    def prepare(self, data: Path) -> None:
        """Make a data folder ready for the first start."""

    def command(self, data: Path) -> Command:
        """How it is started over a data folder, new or used."""

    def token(self, person: int) -> str:
        """The token of one of the people; any string where there are none."""


class Peer:
    """A server that knows no people and needs no preparation."""

    durable = False
    dialect: dialects.Dialect = dialects.YWebsocket()

    def __init__(self, name: str, program: Path, starter: Path) -> None:
        self.name = name
        self._arguments = (program, starter)

    def prepare(self, data: Path) -> None:
        """Make the folder."""
        data.mkdir(parents=True)

    def command(self, data: Path) -> Command:
        """Run the starter."""
        del data
        return Command(self._arguments, {})

    def token(self, person: int) -> str:
        """Anything."""
        return str(person)


class Hocuspocus(Peer):
    """Hocuspocus, in memory."""

    dialect: dialects.Dialect = dialects.Hocuspocus()


class HocuspocusSQLite(Hocuspocus):
    """Hocuspocus with its extension for SQLite."""

    durable = True

    def command(self, data: Path) -> Command:
        """Name the file."""
        return Command(self._arguments, {"HOCUSPOCUS_FILE": str(data / "hocuspocus.sqlite")})


def peers(installed: Peers) -> tuple[Server, ...]:
    """All of them, in the order of the tables."""
    node = installed.node
    return (
        Hocuspocus("Hocuspocus", node, installed.starter("hocuspocus.mjs")),
        HocuspocusSQLite("Hocuspocus, SQLite", node, installed.starter("hocuspocus.mjs")),
        Peer("y-websocket", node, installed.starter("ywebsocket.mjs")),
        Peer("pycrdt-websocket", installed.python, installed.starter("pycrdt_server.py")),
    )
