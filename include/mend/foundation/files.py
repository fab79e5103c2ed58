"""Files that others put there: only plain files, only below folders that are meant for them.

A path may be a link, a pipe or a device, or become one between a look and the opening: what counts is the file that is
open.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Final

from mend.errors import BadDataError
from mend.foundation.home import Home

FOLDERS_SETTING: Final = "MEND_INBOX_FOLDERS"  # folders beside <home>/inbox where sources may be, as in PATH
KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

_confined: ContextVar[Sequence[Path] | None] = ContextVar("confined", default=None)


class FileError(BadDataError):
    """A file that is not read; the message names its path and the reason, never its content."""


def inbox_folders(home: Home) -> list[Path]:
    """Where deliveries may be: the home's inbox, and the folders (or single files) of MEND_INBOX_FOLDERS."""
    named = [folder for folder in home.settings.get(FOLDERS_SETTING, "").split(os.pathsep) if folder]
    return [home.inbox, *(Path(folder).expanduser() for folder in named)]


def real_path(path: Path) -> Path:
    """The path with its links followed; other than `Path.resolve`, of links that come back to themselves too."""
    return Path(os.path.realpath(path))


def is_within(path: Path, folders: Sequence[Path]) -> bool:
    """Whether the path, its links followed, is one of the folders or is below one."""
    real = real_path(path)
    return any(real.is_relative_to(real_path(folder)) for folder in folders)


def require_within(path: Path, folders: Sequence[Path]) -> None:
    """FileError for a path that leads elsewhere, by its own words or by a link."""
    if not is_within(path, folders):
        places = ", ".join(str(folder) for folder in folders)
        raise FileError(
            f"{path}: leads to a place outside of {places}; put the file there, or name its folder in {FOLDERS_SETTING}"
        )


@contextmanager
def confined_to(folders: Sequence[Path] | None) -> Iterator[None]:
    """Within the block `open_plain` opens what is in these folders alone (anything when None), also where its caller
    names none.
    """
    token = _confined.set(folders)
    try:
        yield
    finally:
        _confined.reset(token)


def open_plain(path: Path, folders: Sequence[Path] | None = None) -> IO[bytes]:
    """The file, opened for reading bytes. Neither a pipe without a writer nor a device can hold the caller up.

    Args:
        folders: where the file that is opened must be; by default where `confined_to` says, else anywhere.

    Raises FileError for what is no plain file or is elsewhere, and OSError as `open` does.
    """
    _require_plain(path, path.stat().st_mode)
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        _require_plain(path, os.fstat(number).st_mode)
        folders = _confined.get() if folders is None else folders
        if folders is not None:
            require_within(_opened(number, path), folders)
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def _opened(number: int, path: Path) -> Path:
    """Where the open file is, whatever has become of its path since."""
    try:
        return Path(f"/proc/self/fd/{number}").readlink()
    except OSError:  # no /proc in this container
        return path


def _require_plain(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((words for is_it, words in KINDS if is_it(mode)), "no file")
        raise FileError(f"{path}: {kind}, not a plain file; remove it, or put the file itself there")
