import pytest

from server.origins import origin_allowed, split_origins

HOST = "wiki.example:8000"


@pytest.mark.parametrize("origin", [None, "http://wiki.example:8000", "https://WIKI.example:8000"])
def test_the_same_host_and_programs_may(origin: str | None) -> None:
    assert origin_allowed(origin, HOST, ())


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://wiki.example",
        "http://wiki.example:8001",
        "http://wiki.example:8000.evil.example",
        "http://evil.example/wiki.example:8000",
        "http://evil@wiki.example:8000",
        "file://wiki.example:8000",
        "null",
        "",
        "wiki.example:8000",
        "http://[",
    ],
)
def test_others_may_not(origin: str) -> None:
    assert not origin_allowed(origin, HOST, ())


def test_a_listed_origin_may() -> None:
    assert origin_allowed("https://a.org", HOST, {"https://a.org"})


def test_an_asterisk_lets_all_in() -> None:
    assert origin_allowed("https://evil.example", HOST, {"*"})


def test_an_empty_list_has_no_origin() -> None:
    assert split_origins(" , ") == frozenset()
