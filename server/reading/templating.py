"""Templates: everything that is put into them is escaped, but for what is marked as HTML."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from persistence.snippet import Snippet
from server.reading.told import percent, question, separated, time_tag


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
    environment.filters |= {"html": Markup, "time": time_tag, "separated": separated, "hits": _hits}
    environment.globals |= {"question": question, "percent": percent}
    return environment


def _hits(snippet: Snippet) -> Markup:
    """A snippet with what was found marked."""
    out, at = Markup(), 0
    for start, length in snippet.hits:
        out += snippet.text[at:start]
        out += Markup("<mark>{}</mark>").format(snippet.text[start : start + length])
        at = start + length
    return out + escape(snippet.text[at:])
