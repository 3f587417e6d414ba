"""The second wall: only what the writer writes leaves a page's text, whatever the writer does."""

import nh3

from server.reading.addresses import SCHEMES

_SHOWN = {"dir", "class", "id"}
_ATTRIBUTES = {
    "a": {"class", "href", "rel", "title"},
    "span": {"class", "title"},
    "p": _SHOWN,
    "li": _SHOWN,
    "ol": {"class", "start"},
    "pre": {"class", "dir"},
    "div": {"class"},
    "sup": {"class"},
    **{f"h{level}": _SHOWN for level in range(1, 7)},
    **{cell: {"class", "dir"} for cell in ("td", "th")},
}
_BARE = {"ul", "blockquote", "code", "em", "strong", "del", "sup", "table", "thead", "tbody", "tr"}

_CLEANER = nh3.Cleaner(
    tags=set(_ATTRIBUTES) | _BARE | {"br", "hr"},
    attributes=_ATTRIBUTES,
    url_schemes=set(SCHEMES),
    link_rel=None,
    strip_comments=True,
)


def cleaned(html: str) -> str:
    """Give the HTML without anything that is not of a page's text."""
    return _CLEANER.clean(html)
