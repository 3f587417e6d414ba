"""The secret key: chosen in the settings, or made once and kept where all who need it find it."""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from persistence.store import Store
from server.settings import Settings

KEY_BYTES = 48
NAME = "secret_key"  # in the database


def secret_key(settings: Settings, store: Store) -> str:
    """Return the key that signs our tokens. LogUnavailable.

    One that was not chosen is in the database, if that was, for all of its servers; else in
    `secret.key` beside the database, readable by its owner only.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    file = settings.data_dir / "secret.key"
    if settings.database_url:
        return store.secrets.agree(NAME, _known(file) or _new(), datetime.now(UTC))
    return _known(file) or _make(file)


def _new() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


def _known(file: Path) -> str | None:
    try:
        return file.read_text("ascii").strip()
    except FileNotFoundError:
        return None


def _make(file: Path) -> str:
    """Make the key under another name first, so that no process ever reads half of one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(_new() + "\n")
    try:
        os.link(draft, file)  # fails when another process was first; its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return file.read_text("ascii").strip()
