import pytest

from persistence.errors import NameTaken
from persistence.store import MemoryStore
from server.newcomers import Newcomers
from server.passphrases import Passphrases
from server.refusals import SignInClosed, WrongPassphrase
from server.signin import SignIn


@pytest.fixture
def sign_in(store: MemoryStore, newcomers: Newcomers) -> SignIn:
    return SignIn(store.authors, newcomers, Passphrases(), is_open=True)


async def test_a_new_name_makes_an_author(sign_in: SignIn) -> None:
    author, is_new = await sign_in.by_name("Ada", None, "#123456")
    assert (author.name, author.colour, is_new) == ("Ada", "#123456", True)


async def test_a_passphrase_gives_the_same_author_again(sign_in: SignIn) -> None:
    author, _ = await sign_in.by_name("Ada", "open sesame", None)
    again, is_new = await sign_in.by_name("ADA", "open sesame", None)
    assert (again, is_new) == (author, False)


async def test_the_passphrase_is_not_stored(sign_in: SignIn) -> None:
    author, _ = await sign_in.by_name("Ada", "open sesame", None)
    assert "open sesame" not in repr(author)


async def test_a_taken_name_needs_its_passphrase(sign_in: SignIn) -> None:
    await sign_in.by_name("Ada", "open sesame", None)
    with pytest.raises(NameTaken, match="give your passphrase"):
        await sign_in.by_name("\u0410da", None, None)


async def test_a_wrong_passphrase_is_refused(sign_in: SignIn) -> None:
    await sign_in.by_name("Ada", "open sesame", None)
    with pytest.raises(WrongPassphrase):
        await sign_in.by_name("Ada", "open says me", "#000000")


async def test_who_set_no_passphrase_cannot_come_back_by_name(sign_in: SignIn) -> None:
    await sign_in.by_name("Ada", None, None)
    with pytest.raises(NameTaken, match="no passphrase"):
        await sign_in.by_name("Ada", "open sesame", None)


async def test_signing_in_again_can_change_the_colour(sign_in: SignIn) -> None:
    await sign_in.by_name("Ada", "open sesame", "#111111")
    author, _ = await sign_in.by_name("Ada", "open sesame", "#222222")
    assert author.colour == "#222222"


async def test_a_reserved_name_is_taken(sign_in: SignIn) -> None:
    with pytest.raises(NameTaken):
        await sign_in.by_name("Importer", None, None)


async def test_a_passphrase_can_be_set_later(sign_in: SignIn) -> None:
    author, _ = await sign_in.by_name("Ada", None, None)
    await sign_in.change(author, "open sesame", None, None)
    again, _ = await sign_in.by_name("Ada", "open sesame", None)
    assert again.id == author.id


async def test_a_passphrase_is_replaced_by_who_knows_it(sign_in: SignIn) -> None:
    author, _ = await sign_in.by_name("Ada", "old one", None)
    await sign_in.change(author, "new one", "old one", "#333333")
    again, _ = await sign_in.by_name("Ada", "new one", None)
    assert again.colour == "#333333"


@pytest.mark.parametrize("current", [None, "wrong"])
async def test_a_token_alone_does_not_replace_a_passphrase(
    sign_in: SignIn, current: str | None
) -> None:
    author, _ = await sign_in.by_name("Ada", "old one", None)
    with pytest.raises(WrongPassphrase):
        await sign_in.change(author, "new one", current, None)


async def test_closed_sign_in_lets_nobody_in(store: MemoryStore, newcomers: Newcomers) -> None:
    closed = SignIn(store.authors, newcomers, Passphrases(), is_open=False)
    with pytest.raises(SignInClosed):
        await closed.by_name("Ada", None, None)
