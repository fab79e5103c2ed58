"""Where the embedded server of a home keeps its data and its socket. Nothing here writes to the disk.

It stands here and not beside the server, because a home's database URLs name the socket's folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mend.foundation.home.errors import HomeError

DATABASES = ("mend", "mend_lake", "airflow")
USER = "mend"
PORT = 5432  # names the socket file; nothing listens on a network port
OUTSIDE = Path("/var/lib/mend")
SHORT = Path("/tmp")  # noqa: S108 - the socket's folder in it is mode 700 and its owner is checked
LONGEST_SOCKET_PATH = 103  # bytes; Linux takes 107, other systems 103
NOBODY = 65534


class Rooted(Protocol):
    """What has a folder: a home."""

    @property
    def root(self) -> Path: ...


@dataclass(frozen=True)
class Layout:
    """The folders of one embedded server; `socket_folder` is apart when the home's path does not suit a socket."""

    folder: Path
    socket_folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def is_initialised(self) -> bool:
        return (self.data / "PG_VERSION").exists()


def layout_of(home: Rooted) -> Layout:
    """The layout in use, else the one that a first start would choose."""
    folder = _recorded_folder(home) or _chosen_folder(home)
    return Layout(folder, _socket_folder(home, folder))


def url(home: Rooted, database: str, driver: str = "psycopg") -> str:
    """SQLAlchemy URL of a database in the home's embedded server. Driver: psycopg, psycopg2 (Airflow) or asyncpg."""
    # The port is explicit because a PGPORT of the environment would otherwise win.
    return f"postgresql+{driver}://{USER}@/{database}?host={layout_of(home).socket_folder}&port={PORT}"


def record_path(home: Rooted) -> Path:
    """The file in the home that names a server folder outside of it."""
    return home.root / "server.json"


def is_outside(home: Rooted, layout: Layout) -> bool:
    return not layout.folder.is_relative_to(home.root)


def left_behind(home: Rooted) -> Path | None:
    """The server folder of another path that came with a moved or copied home's record; None for a home that has its
    own.
    """
    recorded = _record(home)
    return recorded if recorded and recorded != outside(home) else None


def outside(home: Rooted) -> Path:
    """The server folder of this home, where it cannot be in the home."""
    return OUTSIDE / key_of(home)


def _recorded_folder(home: Rooted) -> Path | None:
    """Never that of another home, whatever a record says that came with a copy: its server must not be used or
    stopped.
    """
    if _record(home):
        return outside(home)
    inside = _inside(home)
    return inside if inside.is_dir() else None


def _record(home: Rooted) -> Path | None:
    try:
        return Path(json.loads(record_path(home).read_text("utf-8"))["folder"])
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise HomeError(f"{home.root} belongs to another user of this machine") from error


def _chosen_folder(home: Rooted) -> Path:
    """Inside the home, unless root's server, which runs as another user, could not get there."""
    if os.geteuid() == 0 and not open_to_others(_nearest_existing(home.root)):
        return outside(home)
    return _inside(home)


def _inside(home: Rooted) -> Path:
    return home.root / "postgres"


def _nearest_existing(folder: Path) -> Path:
    return next(candidate for candidate in (folder, *folder.parents) if candidate.is_dir())


def key_of(home: Rooted) -> str:
    """A short name that no other home has."""
    return hashlib.sha256(os.fsencode(home.root)).hexdigest()[:16]


def open_to_others(folder: Path) -> bool:
    """True if a user without rights of their own can pass through the folder; tried for real, so ACLs count. Root
    only.
    """
    command = ["/bin/sh", "-c", 'test -x "$0"', str(folder)]
    return subprocess.run(command, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/").returncode == 0


def _socket_folder(home: Rooted, folder: Path) -> Path:
    """Beside the data, or a short folder if that path is too long for a socket or holds what a URL would split."""
    beside = folder / "run"
    path = os.fsencode(beside / f".s.PGSQL.{PORT}")
    is_plain = re.fullmatch(rb"[A-Za-z0-9/._-]+", path) is not None
    return beside if is_plain and len(path) <= LONGEST_SOCKET_PATH else SHORT / f"mend-{key_of(home)}"
