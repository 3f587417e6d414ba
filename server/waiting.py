"""Waiting: an app whose database cannot be reached at the start says so until it can."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from persistence.errors import LogUnavailable
from server.logs import Log
from server.problems import problem
from server.refusals import NotReady

RETRY_SECONDS = 1.0


class Waiting:
    """ASGI: `app` once its lifespan could begin; before, 503 with the reason, and healthy.

    What else goes wrong at the start is told to the server, as `app` would.
    """

    def __init__(
        self,
        app: Starlette,
        log: Log,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app = app
        self._log = log
        self._sleep = sleep
        self._why: str | None = ""  # None: nothing is waited for any more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif self._why is None:
            await self._app(scope, receive, send)
        else:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = problem(NotReady(f"The server waits for its database ({self._why})."))
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(refusal)
        elif scope["path"] == "/healthz":
            await JSONResponse({"status": "ok"})(scope, receive, send)
        else:
            await refusal(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin as soon as it is known whether there is something to wait for."""
        await receive()
        begun, ending = asyncio.Event(), asyncio.Event()
        life = asyncio.create_task(self._begin(scope["state"], begun, ending), name="life")
        beginning = asyncio.create_task(begun.wait())
        await asyncio.wait([life, beginning], return_when=asyncio.FIRST_COMPLETED)
        beginning.cancel()
        if life.done():  # it could not begin, and not for want of the database
            await send({"type": "lifespan.startup.failed", "message": str(life.exception())})
            life.result()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._end(life, ending)
        await send({"type": "lifespan.shutdown.complete"})

    async def _begin(
        self, state: dict[str, object], begun: asyncio.Event, ending: asyncio.Event
    ) -> None:
        """Live until `ending`, in one task from the beginning to the end."""
        while True:
            try:
                async with self._app.router.lifespan_context(self._app) as furnished:
                    state.update(furnished or {})
                    self._why = None
                    begun.set()
                    await ending.wait()
                    return
            except LogUnavailable as trouble:
                if self._why is None:
                    raise
                self._note(trouble)
                begun.set()
            except Exception:
                if self._why is None or not begun.is_set():
                    raise
                self._log.exception("The server could not begin.")
            await self._sleep(RETRY_SECONDS)

    def _note(self, trouble: LogUnavailable) -> None:
        if trouble.why != self._why:
            self._log.warning("The server waits for its database.", trouble=str(trouble))
        self._why = trouble.why

    async def _end(self, life: asyncio.Task[None], ending: asyncio.Event) -> None:
        ending.set()
        if self._why is not None:  # it waits still
            life.cancel()
        with suppress(asyncio.CancelledError):
            await life
