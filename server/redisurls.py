"""URLs of Redis, as an operator writes them: several are separated by commas."""

from urllib.parse import urlsplit

SCHEMES = ("redis", "rediss", "unix")


def split_urls(text: str) -> list[str]:
    """Give the URLs in their order, at least one; ValueError when one is not of Redis."""
    urls = [url.strip() for url in text.split(",")]
    if not all(urlsplit(url).scheme in SCHEMES for url in urls):
        raise ValueError("each URL of Redis begins with redis://, rediss:// or unix://")
    return urls
