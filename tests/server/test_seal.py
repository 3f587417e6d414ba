import pytest

from server.seal import TAG_BYTES, Seal

SECRET = "a secret that is long enough for tests"


def test_what_one_seals_another_with_the_secret_opens() -> None:
    assert Seal(SECRET).open(b"c", Seal(SECRET).close(b"c", b"body")) == b"body"


def test_a_body_may_be_empty() -> None:
    assert Seal(SECRET).open(b"c", Seal(SECRET).close(b"c", b"")) == b""


def test_nobody_opens_what_another_secret_sealed() -> None:
    assert Seal(SECRET).open(b"c", Seal(SECRET + "!").close(b"c", b"body")) is None


def test_a_message_cannot_be_taken_to_another_channel() -> None:
    assert Seal(SECRET).open(b"d", Seal(SECRET).close(b"c", b"body")) is None


@pytest.mark.parametrize("at", [0, TAG_BYTES - 1, TAG_BYTES, -1])
def test_a_changed_byte_breaks_the_seal(at: int) -> None:
    sealed = bytearray(Seal(SECRET).close(b"c", b"body"))
    sealed[at] ^= 1
    assert Seal(SECRET).open(b"c", bytes(sealed)) is None


@pytest.mark.parametrize("size", range(24))
def test_what_is_too_short_is_not_sealed(size: int) -> None:
    assert Seal(SECRET).open(b"c", bytes(size)) is None


def test_each_knows_its_own() -> None:
    one, other = Seal(SECRET), Seal(SECRET)
    assert one.is_own(one.close(b"c", b"body"))
    assert not one.is_own(other.close(b"c", b"body"))


def test_a_secret_may_be_long() -> None:
    assert Seal("x" * 100).open(b"c", Seal("x" * 100).close(b"c", b"body")) == b"body"
    assert Seal("x" * 100).open(b"c", Seal("x" * 99).close(b"c", b"body")) is None
