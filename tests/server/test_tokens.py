import base64
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.settings import Settings
from server.tokens import BadToken, Claims, ExpiredToken, Tokens

KEY = "a secret that is long enough for tests"
PROVIDER_KEY = "another secret that is long enough, too"
DEEP = base64.urlsafe_b64encode(b"[" * 6000).decode() + ".e30.x"
FAR = 4_000_000_000


def _tokens(**settings: Any) -> Tokens:
    return Tokens(Settings(**settings), KEY)


def _provider(**settings: Any) -> Tokens:
    return _tokens(token_key=PROVIDER_KEY, **settings)


def _foreign(**claims: Any) -> str:
    return jwt.encode({"sub": "p1", "exp": FAR, **claims}, PROVIDER_KEY, "HS256")


def test_our_token_names_its_author_and_end() -> None:
    tokens = _tokens(token_lifetime=10)
    now = time.time()
    claims = tokens.read(tokens.issue("ada", "write", now))
    assert claims == Claims("palimpsest", "ada", None, readonly=False, expires=int(now) + 10)
    assert claims.own


def test_a_token_for_reading_is_readonly() -> None:
    tokens = _tokens()
    assert tokens.read(tokens.issue("ada", "read", time.time())).readonly


def test_a_token_ends() -> None:
    tokens = _tokens(token_lifetime=10)
    with pytest.raises(ExpiredToken):
        tokens.read(tokens.issue("ada", "write", time.time() - 60))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\ud800", "e30.e30.", "ey" * 5000, DEEP])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        _tokens().read(token)


def test_a_token_with_another_key_is_refused() -> None:
    with pytest.raises(BadToken):
        _tokens().read(Tokens(Settings(), KEY[::-1]).issue("ada", "write", time.time()))


def test_an_unsigned_token_is_refused() -> None:
    unsigned = jwt.encode({"sub": "ada", "exp": FAR, "iss": "palimpsest"}, None, "none")
    with pytest.raises(BadToken):
        _tokens().read(unsigned)


@pytest.mark.parametrize("claims", [{"exp": FAR}, {"sub": "ada"}, {"sub": "", "exp": FAR}])
def test_our_token_needs_its_claims(claims: dict[str, Any]) -> None:
    with pytest.raises(BadToken):
        _tokens().read(jwt.encode({"iss": "palimpsest", **claims}, KEY, "HS256"))


def test_a_providers_token_is_refused_without_its_key() -> None:
    with pytest.raises(BadToken):
        _tokens().read(_foreign())


def test_a_providers_token_names_its_person() -> None:
    claims = _provider().read(_foreign(iss="https://id.org", name="Ada"))
    assert claims == Claims("https://id.org", "p1", "Ada", readonly=False, expires=FAR)
    assert not claims.own


def test_a_providers_claims_are_settings() -> None:
    provider = _provider(token_subject_claim="oid", token_name_claim="nick")
    claims = provider.read(_foreign(oid="p2", nick="Bob"))
    assert (claims.subject, claims.name) == ("p2", "Bob")


def test_a_provider_may_give_for_reading_only() -> None:
    assert _provider().read(_foreign(scope="read")).readonly


def test_a_name_that_is_no_text_is_left_out() -> None:
    assert _provider().read(_foreign(name=["Ada"])).name is None


@pytest.mark.parametrize("oid", [5, None, "", ["x"]])
def test_a_subject_must_be_text(oid: object) -> None:
    with pytest.raises(BadToken):
        _provider(token_subject_claim="oid").read(_foreign(oid=oid))


def test_another_issuer_is_refused() -> None:
    with pytest.raises(BadToken):
        _provider(token_issuer="https://id.org").read(_foreign(iss="https://evil.org"))


def test_a_provider_cannot_speak_for_our_own_authors() -> None:
    with pytest.raises(BadToken):
        _provider().read(_foreign(iss="palimpsest", sub="ada"))


@pytest.mark.parametrize("audience", ["wiki", ["other", "wiki"]])
def test_the_audience_must_be_ours(audience: object) -> None:
    provider = _provider(token_audience="wiki")
    assert provider.read(_foreign(aud=audience)).subject == "p1"
    with pytest.raises(BadToken):
        provider.read(_foreign(aud="other"))
    with pytest.raises(BadToken):
        provider.read(_foreign())


def test_a_providers_token_ends() -> None:
    with pytest.raises(ExpiredToken):
        _provider().read(_foreign(exp=1))


def test_a_provider_may_sign_with_a_key_pair() -> None:
    pair = ec.generate_private_key(ec.SECP256R1())
    public = pair.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    tokens = _tokens(token_key=public.decode(), token_algorithm="ES256")
    signed = jwt.encode({"sub": "p1", "exp": FAR}, pair, "ES256")
    assert tokens.read(signed).subject == "p1"


def test_a_public_key_is_no_shared_secret() -> None:
    pair = ec.generate_private_key(ec.SECP256R1())
    public = pair.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    tokens = _tokens(token_key=public.decode(), token_algorithm="ES256")
    with pytest.raises(BadToken):
        tokens.read(_foreign())
