"""Web origins: whose pages may open a socket to this server."""

from collections.abc import Collection


def origin_allowed(origin: str | None, host: str, allowed: Collection[str]) -> bool:
    """Whether a page of `origin` may open a socket to the server that it calls `host`.

    `host` is the request's Host header. A request without an Origin is no browser's, so there
    is no page that could borrow a person's rights, and it may. `"*"` in `allowed` lets all in.
    """
    if origin is None or "*" in allowed or origin in allowed:
        return True
    return origin.lower() in {f"http://{host}".lower(), f"https://{host}".lower()}


def split_origins(text: str) -> frozenset[str]:
    """Read a comma-separated list of origins, without the spaces and slashes at their ends."""
    return frozenset(part.strip().rstrip("/") for part in text.split(",") if part.strip())
