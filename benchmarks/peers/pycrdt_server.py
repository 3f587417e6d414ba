"""pycrdt-websocket in memory, behind uvicorn as its documentation does it, on a free port."""

import asyncio
import socket

import uvicorn
from pycrdt.websocket import ASGIServer, WebsocketServer
from pycrdt.websocket.websocket_server import exception_logger


async def main() -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"listening on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    # A connection that ends in the middle of a broadcast would end the process.
    async with WebsocketServer(exception_handler=exception_logger) as rooms:
        config = uvicorn.Config(
            ASGIServer(rooms),
            log_level="warning",
            ws_per_message_deflate=False,
            ws_ping_interval=None,  # saturated, it would hang up on everybody
        )
        await uvicorn.Server(config).serve([listening])


asyncio.run(main())
