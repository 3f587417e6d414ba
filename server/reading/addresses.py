"""Addresses that a link on a page may have."""

import re

SCHEMES = frozenset(("http", "https", "mailto"))
_IGNORED = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")  # as browsers do
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
MOST = 2000  # characters; no literature's address is as long


def followable(address: str) -> str | None:
    """Give the address without what a browser ignores in it; None when it is not for following.

    It is of the web or of mail, or relative: `[Maf](maf)` leads to the article beside this one.
    """
    bare = _IGNORED.sub("", address)
    scheme = _SCHEME.match(bare)
    if len(bare) > MOST or (scheme and scheme[1].lower() not in SCHEMES):
        return None
    return bare
