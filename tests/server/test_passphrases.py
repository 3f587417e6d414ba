import asyncio

import pytest

from server.passphrases import AT_ONCE, Passphrases
from server.refusals import Busy


async def test_the_right_passphrase_matches() -> None:
    passphrases = Passphrases()
    stored = await passphrases.hash("open sesame")
    assert await passphrases.matches("open sesame", stored)
    assert not await passphrases.matches("Open sesame", stored)


async def test_it_is_hashed_with_argon2_and_salted() -> None:
    passphrases = Passphrases()
    one, other = await passphrases.hash("open sesame"), await passphrases.hash("open sesame")
    assert one.startswith("$argon2id$")
    assert one != other


async def test_a_hash_of_another_kind_matches_nothing() -> None:
    assert not await Passphrases().matches("x", "md5:x")


async def test_who_comes_when_too_many_wait_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.passphrases.WAITING", 1)
    passphrases = Passphrases()
    calls = [passphrases.hash("open sesame") for _ in range(AT_ONCE + 3)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == 2
