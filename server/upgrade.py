"""The upgrade: from an HTTP request to a wire.

uvicorn and the app deal with the handshake; whoever accepts it may take the transport over, and
then neither the ASGI task nor its queue, scope and timers live on for as long as the connection.
"""

from collections.abc import Callable

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from server.socketwire import SocketWire
from server.wire import Listener, Spend, Wire

EXTENSION = "palimpsest.wire"  # in the scope's extensions

OpenWire = Callable[[Listener, Spend, float], Wire]


class Upgrade(WebSocketsSansIOProtocol):
    """uvicorn's protocol for the handshake, which offers the app the wire itself."""

    _taken_over = False

    @property
    def arrives(self) -> bool:
        """Whether its handshake has begun and is not done."""
        return not (self.handshake_complete or self.disconnected)

    def handle_connect(self, event: Request) -> None:
        """Begin the handshake, with the offer in the scope; until it is done nothing is read."""
        super().handle_connect(event)
        if not self.handshake_complete:
            self.transport.pause_reading()
            self.scope["extensions"][EXTENSION] = {"open": self.open_wire}

    def open_wire(self, listener: Listener, spend: Spend, stall_seconds: float) -> Wire:
        """Give the accepted connection to `listener`; for the rest see SocketWire."""
        self._taken_over = True
        self.stop_keepalive()
        wire = SocketWire(self.transport, self.conn, listener, spend, stall_seconds)
        if self.disconnected:
            self.loop.call_soon(wire.connection_lost, None)
            return wire
        self.connections.discard(self)
        self.transport.set_protocol(wire)
        self.transport.resume_reading()
        return wire

    async def run_asgi(self) -> None:
        """Run the app; unlike uvicorn, leave a connection alone that was taken over."""
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        if not self._taken_over and self.close_timer is None:
            self.transport.close()
