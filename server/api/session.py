"""/api/v1/session: signing in by name, and who one is."""

import time
from datetime import UTC, datetime

from persistence.authors import Author
from persistence.errors import NameTaken
from server.api.endpoint import Access, Answer, Call, Endpoint
from server.api.models import (
    CurrentSession,
    PublicAuthor,
    Session,
    SessionChange,
    SignInRequest,
)
from server.names import InvalidName
from server.refusals import Busy, SignInClosed, WrongPassphrase

PATH = "/api/v1/session"


def public(author: Author) -> PublicAuthor:
    """Leave out what is not everybody's business."""
    return PublicAuthor(id=author.id, name=author.name, colour=author.colour)


async def _sign_in(call: Call) -> Answer:
    asked: SignInRequest = call.body
    author, is_new = await call.state["sign_in"].by_name(asked.name, asked.passphrase, asked.colour)
    call.state["auth"].forget(author.id)
    token = call.state["tokens"].issue(author.id, "write", time.time())
    return Answer(201 if is_new else 200, Session(token=token, author=public(author)))


async def _show(call: Call) -> Answer:
    caller = call.caller
    return Answer(
        200,
        CurrentSession(
            author=public(caller.author),
            readonly=caller.readonly,
            expires=datetime.fromtimestamp(caller.expires, UTC),
        ),
    )


async def _change(call: Call) -> Answer:
    wish: SessionChange = call.body
    author = await call.state["sign_in"].change(
        call.caller.author, wish.passphrase, wish.current_passphrase, wish.colour
    )
    call.state["auth"].forget(author.id)
    return Answer(200, public(author))


ENDPOINTS = (
    Endpoint(
        "POST",
        PATH,
        "Sign in by name: a new name makes an author, a known one needs its passphrase.",
        _sign_in,
        {201: Session, 200: Session},
        body=SignInRequest,
        refusals=(InvalidName, NameTaken, SignInClosed, WrongPassphrase, Busy),
    ),
    Endpoint("GET", PATH, "Tell whose token this is.", _show, {200: CurrentSession}, Access.AUTHOR),
    Endpoint(
        "PATCH",
        PATH,
        "Change one's colour, or set a passphrase to be the same author elsewhere.",
        _change,
        {200: PublicAuthor},
        Access.WRITER,
        body=SessionChange,
        refusals=(WrongPassphrase, Busy),
    ),
)
