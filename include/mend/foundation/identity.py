"""Which home a folder is: its identity, kept in `identity.json`, with the path at which the folder was last seen.

The databases and the lake bear the same identity (mend.foundation.opening compares them). A path that differs from the
recorded one tells that the folder was moved or copied.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from mend.foundation.home import Home, HomeError

FILE: Final = "identity.json"


@dataclass(frozen=True)
class Origin:
    """The home that a copy was made from; its identity is None where the copied home had none yet."""

    home_id: str | None
    root: Path


@dataclass(frozen=True)
class Identity:
    """A home's identity.

    Args:
        root: the folder as last seen.
        copy_of: for a copy that has not taken the place of the first home.
        leaves: identities that the databases and the lake may still bear, while a copy becomes a home of its own.
        is_complete: False until the databases and the lake bear it, too.
    """

    home_id: str
    root: Path
    created_at: str
    copy_of: Origin | None = None
    leaves: tuple[str, ...] = ()
    is_complete: bool = False

    def completed(self) -> Identity:
        """All places bear it."""
        return replace(self, leaves=(), is_complete=True)


def new(root: Path, copy_of: Origin | None = None, leaves: tuple[str, ...] = ()) -> Identity:
    """An identity that no other home has."""
    return Identity(str(uuid.uuid4()), root, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), copy_of, leaves)


def recorded(root: Path) -> Identity | None:
    """The identity of the folder; None for one without. HomeError for a file that cannot be read as one."""
    path = root / FILE
    try:
        return _identity(json.loads(path.read_text("utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise HomeError(
            f"{path} is not the identity of a home ({error!r}): put it back from a backup, or remove it"
        ) from error


def record(home: Home, identity: Identity) -> None:
    """Write it, in one step and down to the disk."""
    home.prepare()
    path = home.root / FILE
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(_words(identity), file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def forget(home: Home) -> None:
    """The folder is no home any more."""
    (home.root / FILE).unlink(missing_ok=True)


def _identity(words: dict[str, Any]) -> Identity:
    origin = words.get("copy_of")
    copy_of = Origin(origin["home_id"], Path(origin["root"])) if origin else None
    leaves, complete = tuple(words.get("leaves", ())), bool(words.get("is_complete", False))
    return Identity(str(words["home_id"]), Path(words["root"]), str(words["created_at"]), copy_of, leaves, complete)


def _words(identity: Identity) -> dict[str, Any]:
    words: dict[str, Any] = {
        "home_id": identity.home_id,
        "root": str(identity.root),
        "created_at": identity.created_at,
        "is_complete": identity.is_complete,
    }
    if identity.copy_of:
        words["copy_of"] = {"home_id": identity.copy_of.home_id, "root": str(identity.copy_of.root)}
    if identity.leaves:
        words["leaves"] = list(identity.leaves)
    return words
