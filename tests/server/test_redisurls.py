import pytest

from server.redisurls import split_urls


def test_urls_keep_their_order_and_lose_the_spaces_around_them() -> None:
    assert split_urls("redis://a, rediss://b,unix:///c") == [
        "redis://a",
        "rediss://b",
        "unix:///c",
    ]


@pytest.mark.parametrize("text", ["", "localhost", "http://a", "redis://a,", "redis://a,b"])
def test_what_is_no_url_of_redis_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="redis://"):
        split_urls(text)
