"""Serving: uvicorn around an app, set up as the protocol needs it."""

import asyncio
import logging
import socket
from collections.abc import Callable
from time import monotonic
from typing import cast

import uvicorn

from server.app import create_app
from server.asking import Asking, asking
from server.logs import Log, open_log
from server.process import prepare_process
from server.room import Room
from server.rooms import Rooms
from server.settings import Settings
from server.slate import NO_SLATE, NoSlate
from server.upgrade import Upgrade
from server.waiting import Waiting

# Room around the largest message, so that a bit too much is told by us, with a reason.
FRAME_OVERHEAD = 64 * 1024

ARRIVAL_SECONDS = 0.5  # in which who has just connected may ask, though the server is to stop
ANSWER_SECONDS = 1.0  # for members to answer our farewell
MOMENT = 0.01

# uvicorn complains so of every handshake that was answered with a refusal.
FALSE_ALARM = "ASGI callable returned without completing handshake."


class Announced(uvicorn.Server):
    """A server that tells its address once it listens there."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce."""
        await super().startup(sockets)
        if self.started:
            self._announce(_address(self.servers[0].sockets[0]))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections and send members away one after the other, then end the rest."""
        for listening in sockets or []:
            listening.close()
        for each in self.servers:
            each.close()
        await _while(self._anybody_arrives, ARRIVAL_SECONDS)
        if "rooms" in self.lifespan.state:  # else it waits for its database still
            await self._send_away(self.lifespan.state["rooms"])
        await super().shutdown(sockets)

    def _anybody_arrives(self) -> bool:
        """Whether anybody has connected and not asked yet: they would be cut off unheard."""
        connections = cast("set[Asking | Upgrade]", self.server_state.connections)
        return any(each.arrives for each in connections)

    async def _send_away(self, rooms: Rooms) -> None:
        """Say farewell, and let the last ones answer.

        A socket that is closed with unread bytes in it takes the farewell with it.
        """
        await rooms.farewell()
        await _while(lambda: any(map(_somebody, rooms.open_rooms().values())), ANSWER_SECONDS)


def serve(
    settings: Settings,
    announce: Callable[[str], None],
    slate: NoSlate = NO_SLATE,
    sockets: list[socket.socket] | None = None,
    *,
    waits: bool = True,
) -> None:
    """Serve until a signal asks to stop; `announce` gets the address once it can be reached.

    On these `sockets`, which listen already; None: on the settings' address. Unless it `waits` for
    a database that is not there it ends at once.
    """
    prepare_process()
    _forward(open_log(settings))
    Announced(configure(settings, slate, waits=waits), announce).run(sockets)


def configure(
    settings: Settings, slate: NoSlate = NO_SLATE, *, waits: bool = True
) -> uvicorn.Config:
    """Set uvicorn up: no compression, which can be a bomb; no access log, which tells tokens."""
    app = create_app(settings, slate=slate)
    return uvicorn.Config(
        Waiting(app, open_log(settings)) if waits else app,
        host=settings.host,
        port=settings.port,
        http=asking(settings),
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        ws=Upgrade,
        ws_max_size=settings.max_message_bytes + FRAME_OVERHEAD,
        ws_per_message_deflate=False,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


async def _while(condition: Callable[[], bool], seconds: float) -> None:
    """Wait while something is so, but no longer than this."""
    until = monotonic() + seconds
    while condition() and monotonic() < until:  # noqa: ASYNC110 - of others' objects
        await asyncio.sleep(MOMENT)


def _somebody(room: Room) -> bool:
    return any(True for _ in room.audience)


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _forward(log: Log) -> None:
    """Let what libraries complain of stand in our log; their chatter, which has tokens, never."""
    logging.basicConfig(level=logging.WARNING, handlers=[Forwarded(log)], force=True)


class Forwarded(logging.Handler):
    """Writes a library's warnings and errors into our log."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one of them."""
        if record.getMessage() == FALSE_ALARM:
            return
        self._log.log(
            record.levelno,
            record.getMessage().strip(),
            source=record.name,
            exc_info=record.exc_info,
        )
