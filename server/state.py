"""What the parts of one running app share: the typed state of its lifespan."""

from typing import TypedDict

from persistence.articles import Article
from persistence.store import Store
from server.auth import Auth
from server.framing import Framing
from server.historian import Historian
from server.oversized import Oversized
from server.rates import Rates
from server.recent import Recent
from server.reviser import Reviser
from server.rooms import Rooms
from server.screening import Screening
from server.settings import Settings
from server.signin import SignIn
from server.telemetry import Telemetry
from server.tokens import Tokens


class State(TypedDict):
    """Reached as `request.state["rooms"]`, and the same for a websocket."""

    settings: Settings
    telemetry: Telemetry
    store: Store
    tokens: Tokens
    auth: Auth
    sign_in: SignIn
    rooms: Rooms
    historian: Historian
    reviser: Reviser
    framing: Framing
    screening: Screening
    oversized: Oversized
    rates: Rates
    slugs: Recent[str, Article]
