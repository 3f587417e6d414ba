"""What a person can open: pages that are made here, and the demo's one page where one writes."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from server.reading.entry import MANIFEST, entry
from server.reading.routes import Pages

STATIC = Path(__file__).parent / "static"
ADDRESSES = ("/sign-in", "/new", "/articles/{slug}/write", "/articles/{slug}/history")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Palimpsest</title>
<h1>Palimpsest is running</h1>
<p>The server works, but the page to write on is not built yet: <code>make run</code> builds it.
"""


def page_routes(folder: Path = STATIC) -> list[BaseRoute]:
    """Make the routes of all pages, with the built demo in `folder`, or a page that misses it."""
    return [*Pages(entry(folder)).routes(), *_demo_routes(folder)]


def _demo_routes(folder: Path) -> list[BaseRoute]:
    page = folder / "index.html"
    if not page.is_file():
        return [Route(address, _not_built) for address in ADDRESSES]
    hidden = {page.name, MANIFEST}
    others = sorted(file for file in folder.iterdir() if file.is_file() and file.name not in hidden)
    return [
        *(_file(address, page) for address in ADDRESSES),
        *(_file(f"/{file.name}", file) for file in others),
        Mount("/assets", Assets(directory=folder / "assets", check_dir=False)),
    ]


class Assets(StaticFiles):
    """Files that the build names by their content, so that they never change."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file that may be kept for ever."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = FOR_EVER
        return response


def _file(address: str, file: Path) -> Route:
    async def serve(_request: Request) -> Response:
        return FileResponse(file, headers={"cache-control": ASK_FIRST})

    return Route(address, serve)


async def _not_built(_request: Request) -> Response:
    return HTMLResponse(NOT_BUILT, 503, headers={"cache-control": "no-store"})
