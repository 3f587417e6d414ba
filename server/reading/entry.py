"""The built styles and script of the pages, by the manifest that Vite writes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

SOURCE = "src/reading/main.ts"
MANIFEST = "manifest.json"


class Entry(NamedTuple):
    """Addresses; pages work without either, and look plain."""

    script: str | None
    styles: tuple[str, ...]


def entry(folder: Path) -> Entry:
    """Find what belongs to the pages in the folder of the built demo."""
    file = folder / MANIFEST
    if not file.is_file():
        return Entry(None, ())
    manifest = json.loads(file.read_text("utf-8"))
    chunks = list(_chunks(manifest, SOURCE, set()))
    styles = dict.fromkeys(style for chunk in chunks for style in chunk.get("css", ()))
    return Entry(f"/{manifest[SOURCE]['file']}", tuple(f"/{style}" for style in styles))


def _chunks(manifest: Mapping[str, Any], name: str, seen: set[str]) -> Iterator[Mapping[str, Any]]:
    """The chunk of a name behind those that it imports: its styles come last."""
    if name in seen:
        return
    seen.add(name)
    for imported in manifest[name].get("imports", ()):
        yield from _chunks(manifest, imported, seen)
    yield manifest[name]
