"""Says whether a wheel holds our three packages, the built demo, the migrations and no more."""

import sys
import zipfile

PACKAGES = {"crdt", "persistence", "server"}
NEEDED = {
    "server/static/index.html",
    "persistence/migrations/env.py",
    "persistence/migrations/versions/0001_tables.py",
}


def main(wheel: str) -> str | None:
    """Return what is wrong with the wheel, or None."""
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    top = {name.split("/")[0] for name in names}
    others = {name for name in top if not name.endswith(".dist-info")} ^ PACKAGES
    if others:
        return f"{wheel}: its top level differs from {sorted(PACKAGES)} by {sorted(others)}"
    if missing := NEEDED - names:
        return f"{wheel}: it lacks {sorted(missing)}"
    print(f"{wheel}: {len(names)} files, as they should be")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
