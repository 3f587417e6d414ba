"""pycrdt-websocket in memory, behind uvicorn as its documentation does it, on a free port."""

import asyncio
import socket

import uvicorn
from pycrdt.websocket import ASGIServer, WebsocketServer


async def main() -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"listening on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    async with WebsocketServer() as rooms:
        config = uvicorn.Config(
            ASGIServer(rooms), log_level="warning", ws_per_message_deflate=False
        )
        await uvicorn.Server(config).serve([listening])


asyncio.run(main())
