"""Whom the server runs as. PostgreSQL refuses to run as root; an ordinary user runs it as they are."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mend.foundation.home.server_layout import NOBODY, Layout
from mend.foundation.server.errors import ServerError

SYSTEM_USER = "mend"


@dataclass(frozen=True)
class Account:
    """A user and group of this machine; `switches` is True where we are root and must become that user."""

    uid: int
    gid: int
    switches: bool

    @property
    def run_options(self) -> dict[str, Any]:
        """Arguments for `subprocess` that run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switches else {}

    def own(self, folder: Path) -> None:
        """Create the folder, closed to everyone else, as this account's. Raises ServerError if it is someone else's."""
        if made(folder, 0o700) and self.switches:
            os.chown(folder, self.uid, self.gid)
        self._require_own(folder)

    def _require_own(self, folder: Path) -> None:
        status = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or status.st_uid != self.uid or status.st_mode & 0o077:
            raise ServerError(f"{folder} is not a folder that only user {self.uid} can enter: remove it")


def made(folder: Path, mode: int) -> bool:
    """Create the folder with exactly this mode, whatever the umask; False if there is one."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return False
    folder.chmod(mode)
    return True


def account_for(layout: Layout) -> Account:
    """The owner of the server's folder if there is one, else ourselves or, for root, a system user."""
    try:
        owner = layout.folder.stat()
    except FileNotFoundError:
        return _new_owner()
    if os.geteuid() == 0 and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switches=True)
    if owner.st_uid != os.geteuid() or owner.st_uid == 0:
        if owner.st_uid == os.geteuid():
            raise ServerError(
                f"{layout.folder} belongs to root, as whom PostgreSQL does not run: copy a home with its owners, `cp "
                f"-a`"
            )
        raise ServerError(f"{layout.folder} belongs to user {owner.st_uid}: use that account, or another home")
    return Account(os.geteuid(), os.getegid(), switches=False)


def _new_owner() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switches=False)
    entry = _system_user()
    return Account(entry.pw_uid, entry.pw_gid, switches=True)


def _system_user() -> pwd.struct_passwd:
    """The user `mend`, created if the machine lets us, else `nobody`."""
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program and not _has_user(SYSTEM_USER):
        options = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
        subprocess.run([program, *options, SYSTEM_USER], capture_output=True, check=False)
    return pwd.getpwnam(SYSTEM_USER) if _has_user(SYSTEM_USER) else pwd.getpwuid(NOBODY)


def _has_user(name: str) -> bool:
    try:
        return pwd.getpwnam(name).pw_uid != 0
    except KeyError:
        return False
