"""The secret key: chosen in the settings, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

from server.settings import Settings

KEY_BYTES = 48


def secret_key(settings: Settings) -> str:
    """Return the key that signs our tokens; makes `secret.key`, readable by its owner only."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    return _kept_key(settings.data_dir / "secret.key")


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        return _make_key(path)


def _make_key(path: Path) -> str:
    """Make the key under another name first, so that no process ever reads half of one."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
    try:
        os.link(draft, path)  # fails when another process was first; its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text("ascii").strip()
