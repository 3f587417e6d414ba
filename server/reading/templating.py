"""Templates: everything that is put into them is escaped, but for what is marked as HTML."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from persistence.snippet import Snippet
from server.reading.people import fading
from server.reading.told import day, percent, question, separated, time_tag

_SIGNS = re.compile(r"(?<!\w)[*_`]+(?=\S)|(?<=\S)[*_`]+(?!\w)|(?:(?<=\s)|^)(?:#{1,6}|[-*>])\s")


def templates() -> Environment:
    """Make the environment of all templates."""
    environment = Environment(
        loader=PackageLoader("server.reading"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "html": Markup,
        "time": time_tag,
        "day": day,
        "separated": separated,
        "hits": hits,
    }
    environment.globals |= {"question": question, "percent": percent, "fading": fading}
    return environment


def hits(snippet: Snippet) -> Markup:
    """A snippet with what was found marked, and without the signs of Markdown."""
    out, at = Markup(), 0
    signs = {place for found in _SIGNS.finditer(snippet.text) for place in range(*found.span())}

    def plain(start: int, end: int) -> str:
        return "".join(snippet.text[place] for place in range(start, end) if place not in signs)

    for start, length in snippet.hits:
        out += plain(at, start)
        out += Markup("<mark>{}</mark>").format(plain(start, start + length))
        at = start + length
    return out + escape(plain(at, len(snippet.text)))
