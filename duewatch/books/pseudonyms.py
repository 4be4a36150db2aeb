"""The key that turns identity and telephone numbers into pseudonyms. It lies beside the private file and stays."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from duewatch.contract.errors import BookError

KEY_FILE = "private-pseudonyms.key"
KEY_BYTES = 32


def pseudonym_key(books: Path) -> bytes:
    """Made at the first call and kept, readable by its owner alone: with another key the same person would be another
    debtor in the next book. Raises BookError where it is not as it was written."""
    path = books / KEY_FILE
    if path.exists():
        key = bytes.fromhex(_hex(path))
        if len(key) == KEY_BYTES:
            return key
        raise _damaged()
    key = secrets.token_bytes(KEY_BYTES)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(key.hex())
        stream.flush()
        os.fsync(stream.fileno())
    return key


def _hex(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii").strip()
        bytes.fromhex(text)
    except (OSError, ValueError):
        raise _damaged() from None
    return text


def _damaged() -> BookError:
    return BookError(
        "the key of the pseudonyms is damaged",
        where=KEY_FILE,
        next_step="put back the copy from your backup; without it every pseudonym would change",
    )
