"""The second home: an empty one in a folder of its own, which remembers what it shows."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Final

from mend.errors import CommandError
from mend.foundation import identity, server
from mend.foundation.home import AsOf, Home

LEFT_BY_A_KILL: Final = {"home.lock", "home.draft"}


class AsOfError(CommandError):
    """A past date that cannot be shown, or a folder that cannot take it; the message says which and why."""


def begin(home: Home, into: Path, day: dt.date) -> Home:
    """An empty home in `into` that shows `home` as of the day; with the rules and strategies of `home`. An earlier
    attempt at the same is discarded.

    Raises AsOfError when the folder holds anything else, or is in the first home or around it.
    """
    second = Home(into.expanduser().resolve(), home.settings)
    shown = AsOf(home.root, home.warehouse, day)
    _require_apart(home, second)
    if second.as_of == shown:
        server.remove(second)
        identity.forget(second)
        shutil.rmtree(second.lake_folder, ignore_errors=True)
    elif second.root.exists() and {path.name for path in second.root.iterdir()} - LEFT_BY_A_KILL:
        raise AsOfError(f"{second.root} is not empty, and does not show {home.root} as of {day}: name another folder")
    second.remember_as_of(shown)
    second.remember_business_zone(home.zone)
    for name in ("rules", "strategies"):
        if (home.root / name).is_dir():
            shutil.copytree(home.root / name, second.root / name, dirs_exist_ok=True)
    return second


def _require_apart(home: Home, second: Home) -> None:
    if home.as_of:
        raise AsOfError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: ask that home for another day")
    lake = Path(home.warehouse.removeprefix("file://"))
    for folder in (home.root, lake):
        if second.root.is_relative_to(folder) or folder.is_relative_to(second.root):
            raise AsOfError(
                f"{second.root} and {folder} are in one another: name a folder apart from the home and its lake"
            )
