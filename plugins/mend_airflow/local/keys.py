"""Passwords and keys of one home's Airflow: made once, kept in files that only the owner reads."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    """What Airflow signs, encrypts and logs in with. Its simple auth manager reads the passwords' file."""

    passwords_file: Path
    passwords: dict[str, str] = field(repr=False)
    fernet_key: str = field(repr=False)
    session_key: str = field(repr=False)
    token_key: str = field(repr=False)

    @classmethod
    def of(cls, folder: Path, users: Iterable[str]) -> Keys:
        """The keys in the folder, made where there are none."""
        folder.mkdir(parents=True, exist_ok=True)
        passwords = _kept(folder / "passwords.json", {user: secrets.token_urlsafe(9) for user in users})
        # Airflow makes such keys itself if they are not set, but each of its processes would make its own.
        keys = _kept(
            folder / "keys.json",
            {
                "fernet_key": base64.urlsafe_b64encode(os.urandom(32)).decode(),
                "session_key": secrets.token_urlsafe(32),
                "token_key": secrets.token_urlsafe(64),
            },
        )
        return cls(folder / "passwords.json", passwords, **keys)


def _kept(path: Path, fresh: dict[str, str]) -> dict[str, str]:
    """The file's content, completed by `fresh` where a name is missing."""
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    content = fresh | known
    if content != known:
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file)
        draft.replace(path)
    return content
