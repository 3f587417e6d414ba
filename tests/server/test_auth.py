import time
from typing import NoReturn

import jwt
import pytest

from persistence.store import MemoryStore
from server.auth import RECENT_SECONDS, Auth
from server.newcomers import Newcomers
from server.settings import Settings
from server.tokens import BadToken, ExpiredToken, Tokens

KEY = "a secret that is long enough for tests"
PROVIDER_KEY = "another secret that is long enough, too"


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(Settings(token_key=PROVIDER_KEY), KEY)


@pytest.fixture
def auth(tokens: Tokens, store: MemoryStore, newcomers: Newcomers) -> Auth:
    return Auth(tokens, store.authors, newcomers)


def _foreign(subject: str, **claims: str) -> str:
    return jwt.encode({"sub": subject, "exp": 4_000_000_000, **claims}, PROVIDER_KEY, "HS256")


async def test_a_token_leads_to_its_author(
    auth: Auth, tokens: Tokens, newcomers: Newcomers
) -> None:
    ada = newcomers.make("Ada")
    identity = await auth.authenticate(tokens.issue(ada.id, "read", time.time()))
    assert identity.author == ada
    assert identity.readonly
    assert identity.expires > time.time()


async def test_a_token_of_nobody_is_bad(auth: Auth, tokens: Tokens) -> None:
    with pytest.raises(BadToken, match="not known"):
        await auth.authenticate(tokens.issue("nobody", "write", time.time()))


async def test_an_expired_token_is_told_apart(auth: Auth, tokens: Tokens) -> None:
    with pytest.raises(ExpiredToken):
        await auth.authenticate(tokens.issue("nobody", "write", 0))


async def test_a_providers_person_is_an_author_from_first_sight_on(auth: Auth) -> None:
    first = await auth.authenticate(_foreign("p1", name="Ada"))
    again = await auth.authenticate(_foreign("p1", name="Ada L."))
    assert first.author == again.author
    assert first.author.name == "Ada"


async def test_one_subject_at_two_issuers_is_two_people(auth: Auth) -> None:
    one = await auth.authenticate(_foreign("p1", iss="https://a.org"))
    other = await auth.authenticate(_foreign("p1", iss="https://b.org"))
    assert one.author.id != other.author.id


async def test_a_person_without_a_name_is_called_by_subject(auth: Auth) -> None:
    assert (await auth.authenticate(_foreign("p1"))).author.name == "p1"


async def test_a_providers_subject_is_no_author_id(auth: Auth, newcomers: Newcomers) -> None:
    ada = newcomers.make("Ada")
    assert (await auth.authenticate(_foreign(ada.id))).author.id != ada.id


async def test_whoever_comes_back_is_recognised_without_asking_the_store(
    auth: Auth,
    tokens: Tokens,
    newcomers: Newcomers,
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = tokens.issue(newcomers.make("Ada").id, "write", time.time())
    first = await auth.recognise(token)
    monkeypatch.setattr(store.authors, "get", None)
    assert await auth.recognise(token) == first


async def test_an_author_who_has_changed_is_looked_up_again(
    auth: Auth, tokens: Tokens, newcomers: Newcomers, store: MemoryStore
) -> None:
    ada, bob = newcomers.make("Ada"), newcomers.make("Bob")
    token, other = (tokens.issue(author.id, "write", time.time()) for author in (ada, bob))
    await auth.recognise(token)
    await auth.recognise(other)
    for author in (ada, bob):
        store.authors.set_colour(author.id, "#123456")
    auth.forget(ada.id)
    assert (await auth.recognise(token)).author.colour == "#123456"
    assert (await auth.recognise(other)).author == bob


async def test_a_token_that_has_been_recognised_expires_all_the_same(
    newcomers: Newcomers, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    tokens = Tokens(Settings(token_lifetime=int(RECENT_SECONDS) // 2), KEY)
    auth = Auth(tokens, store.authors, newcomers, lambda: now)
    token = tokens.issue(newcomers.make("Ada").id, "write", now)
    identity = await auth.recognise(token)

    def read(_: str) -> NoReturn:
        raise ExpiredToken("It has expired.")

    monkeypatch.setattr(tokens, "read", read)
    assert await auth.recognise(token) == identity
    now = identity.expires
    with pytest.raises(ExpiredToken):
        await auth.recognise(token)


async def test_bad_tokens_are_not_remembered(auth: Auth) -> None:
    for _ in range(2):
        with pytest.raises(BadToken):
            await auth.recognise("bad")
