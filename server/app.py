"""The app: routes around a lifespan in which the store, the rooms and the rest are open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute

from persistence.store import Store
from server.access import AccessLog
from server.answers import Answers
from server.api.routes import api_routes
from server.auth import Auth
from server.colours import Palette
from server.framing import Framing
from server.headers import SafeHeaders
from server.historian import Historian
from server.logs import open_log
from server.newcomers import Newcomers
from server.opening import open_bus, open_database
from server.oversized import Oversized
from server.pages import page_routes
from server.passphrases import Passphrases
from server.quarantine import Quarantine, open_quarantine
from server.rates import Rates
from server.recent import Recent
from server.reviser import Reviser
from server.revising import Revising
from server.rooms import Rooms
from server.sample import plant_sample
from server.screening import Screening
from server.secret import secret_key
from server.settings import Settings
from server.signin import SignIn
from server.slate import NO_SLATE, NoSlate
from server.state import State
from server.telemetry import Telemetry
from server.tokens import Tokens
from server.websocket import websocket_endpoint

SLUG_SECONDS = 1.0  # an article that was made private lets nobody in after it
MOST_SLUGS = 10_000


def create_app(
    settings: Settings, store: Store | None = None, slate: NoSlate = NO_SLATE
) -> Starlette:
    """Make an app of its own; without a store it opens and migrates the settings' database."""
    telemetry = Telemetry(open_log(settings))
    for reason, count in slate.restarts().items():
        telemetry.restarts.labels(reason).inc(count)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        async with _open(settings, store) as opened:
            key = await to_thread.run_sync(secret_key, settings, opened)
            async with (
                open_quarantine(opened, slate, telemetry) as quarantine,
                Rooms(
                    opened, settings, telemetry, slate, open_bus(settings, key, telemetry)
                ) as rooms,
                Historian(settings, telemetry, store, settings.historian_seconds) as historian,
                Historian(settings, telemetry, store, settings.digest_seconds) as chronicler,
            ):
                reviser = Reviser(opened, rooms, chronicler, telemetry, settings.root_name)
                async with Revising(rooms, reviser, settings, telemetry):
                    tokens = Tokens(settings, key)
                    yield await _furnish(
                        settings, telemetry, opened, tokens, rooms, quarantine, historian, reviser
                    )

    return Starlette(
        routes=[
            *api_routes(),
            WebSocketRoute("/sync/{slug}", websocket_endpoint),
            *page_routes(),
        ],
        middleware=[Middleware(AccessLog, telemetry), Middleware(SafeHeaders)],
        exception_handlers=Answers(telemetry).handlers,
        lifespan=lifespan,
    )


@asynccontextmanager
async def _open(settings: Settings, given: Store | None) -> AsyncIterator[Store]:
    """Give the store that was given, which stays open, or open one for as long as the app runs."""
    if given is not None:
        yield given
        return
    store = await to_thread.run_sync(open_database, settings)
    try:
        yield store
    finally:
        await to_thread.run_sync(store.close)


async def _furnish(
    settings: Settings,
    telemetry: Telemetry,
    store: Store,
    tokens: Tokens,
    rooms: Rooms,
    quarantine: Quarantine,
    historian: Historian,
    reviser: Reviser,
) -> State:
    newcomers = Newcomers(store.authors, Palette())
    if settings.sample_article:
        await plant_sample(store, rooms, newcomers)
    return State(
        settings=settings,
        telemetry=telemetry,
        store=store,
        tokens=tokens,
        auth=Auth(tokens, store.authors, newcomers),
        sign_in=SignIn(store.authors, newcomers, Passphrases(), is_open=settings.open_sign_in),
        rooms=rooms,
        historian=historian,
        reviser=reviser,
        framing=Framing(historian),
        screening=Screening(settings, telemetry, quarantine),
        oversized=Oversized(monotonic),
        rates=Rates(settings, monotonic),
        slugs=Recent(store.articles.get, SLUG_SECONDS, MOST_SLUGS, monotonic),
    )
