"""The upgrade: from an HTTP request to a wire.

uvicorn and the app deal with the handshake; whoever accepts it may take the transport over, and
then neither the ASGI task nor its queue, scope and timers live on for as long as the connection.
"""

from collections.abc import Callable
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from server.socketwire import SocketWire
from server.wire import Listener, Wire

EXTENSION = "palimpsest.wire"  # in the scope's extensions

OpenWire = Callable[[Listener, float], Wire]


class Upgrade(WebSocketsSansIOProtocol):
    """uvicorn's protocol for the handshake, which offers the app the wire itself."""

    _taken_over = False

    def handle_connect(self, event: Request) -> None:
        """Begin the handshake, with the offer in the scope."""
        super().handle_connect(event)
        if not self.handshake_complete:
            self.scope["extensions"][EXTENSION] = {"open": self.open_wire}

    def open_wire(self, listener: Listener, stall_seconds: float) -> Wire:
        """Give the accepted connection to `listener`; see SocketWire for `stall_seconds`."""
        self._taken_over = True
        self.stop_keepalive()
        wire = SocketWire(self.transport, self.conn, listener, stall_seconds)
        if self.disconnected:
            self.loop.call_soon(wire.connection_lost, None)
            return wire
        self.connections.discard(self)
        self.transport.set_protocol(wire)
        if self.read_paused:
            self.transport.resume_reading()
        self.loop.call_soon(self._hand_over, listener)
        return wire

    def _hand_over(self, listener: Listener) -> None:
        """Give on what a hasty client sent together with its request."""
        while not self.queue.empty():
            message: Any = self.queue.get_nowait()
            if message["type"] == "websocket.receive":
                listener.received(message.get("bytes"))

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
