import time
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from persistence.store import MemoryStore
from server.app import create_app
from server.settings import Settings
from server.tokens import Tokens
from tests.server.conftest import KEY

PATH = "/api/v1/session"
SignInCall = Callable[..., dict[str, str]]


def test_a_new_name_gets_a_token_and_an_author(client: TestClient) -> None:
    answer = client.post(PATH, json={"name": " Ada  Lovelace ", "colour": "#AABBCC"})
    assert answer.status_code == 201
    assert answer.json()["author"].keys() == {"id", "name", "colour"}
    assert answer.json()["author"]["name"] == "Ada Lovelace"
    assert answer.json()["author"]["colour"] == "#aabbcc"


def test_a_passphrase_gives_the_same_author_on_any_device(client: TestClient) -> None:
    body = {"name": "Ada", "passphrase": "open sesame"}
    first, again = client.post(PATH, json=body), client.post(PATH, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["author"] == again.json()["author"]


@pytest.mark.parametrize("name", ["Ada", "ADA", "a d a", "\u0410da", "Ada\u200d"])
def test_a_taken_name_says_so(client: TestClient, sign_in: SignInCall, name: str) -> None:
    sign_in("Ada", passphrase="open sesame")
    answer = client.post(PATH, json={"name": name})
    assert (answer.status_code, answer.json()["code"]) == (409, "name-taken")


def test_a_wrong_passphrase_is_refused(client: TestClient, sign_in: SignInCall) -> None:
    sign_in("Ada", passphrase="open sesame")
    answer = client.post(PATH, json={"name": "Ada", "passphrase": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-passphrase")


@pytest.mark.parametrize("name", ["", "x" * 65, "a\nb", "\u202eada"])
def test_a_bad_name_is_refused_with_a_sentence(client: TestClient, name: str) -> None:
    answer = client.post(PATH, json={"name": name})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-name")


@pytest.mark.parametrize("colour", ["red", "#fff", "#gggggg", "#123456\n"])
def test_a_bad_colour_is_refused(client: TestClient, colour: str) -> None:
    answer = client.post(PATH, json={"name": "Ada", "colour": colour})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert answer.json()["errors"][0]["pointer"] == "/colour"


def test_a_session_tells_whose_it_is(client: TestClient, sign_in: SignInCall) -> None:
    answer = client.get(PATH, headers=sign_in("Ada")).json()
    assert (answer["author"]["name"], answer["readonly"]) == ("Ada", False)


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Bearer", "Basic YTpi", "nonsense"])
def test_a_session_needs_a_token(client: TestClient, header: str | None) -> None:
    answer = client.get(PATH, headers={} if header is None else {"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_expired_token_is_told_apart(client: TestClient, settings: Settings) -> None:
    token = Tokens(settings, KEY).issue("ada", "write", 0)
    answer = client.get(PATH, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "expired-token")


def test_a_passphrase_set_later_lets_one_come_back(client: TestClient, sign_in: SignInCall) -> None:
    headers = sign_in("Ada")
    assert client.patch(PATH, json={"passphrase": "open sesame"}, headers=headers).is_success
    assert client.post(PATH, json={"name": "Ada", "passphrase": "open sesame"}).status_code == 200


def test_a_token_alone_does_not_replace_a_passphrase(
    client: TestClient, sign_in: SignInCall
) -> None:
    headers = sign_in("Ada", passphrase="open sesame")
    answer = client.patch(PATH, json={"passphrase": "mine now"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-passphrase")


def test_a_colour_can_be_changed(client: TestClient, sign_in: SignInCall) -> None:
    answer = client.patch(PATH, json={"colour": "#010203"}, headers=sign_in("Ada"))
    assert answer.json()["colour"] == "#010203"


def test_a_token_for_reading_changes_nothing(
    client: TestClient, sign_in: SignInCall, settings: Settings, store: MemoryStore
) -> None:
    author = client.get(PATH, headers=sign_in("Ada")).json()["author"]
    token = Tokens(settings, KEY).issue(author["id"], "read", time.time())
    headers = {"authorization": f"Bearer {token}"}
    answer = client.patch(PATH, json={"colour": "#010203"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "read-only")
    assert store.authors.get(author["id"]).colour == author["colour"]


def test_sign_in_can_be_turned_off(settings: Settings, store: MemoryStore) -> None:
    closed = settings.model_copy(update={"open_sign_in": False})
    with TestClient(create_app(closed, store)) as client:
        answer = client.post(PATH, json={"name": "Ada"})
    assert (answer.status_code, answer.json()["code"]) == (403, "sign-in-closed")
