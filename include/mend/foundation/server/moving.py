"""The embedded server's data after its home was moved or copied."""

from __future__ import annotations

import json
import os
from pathlib import Path

from mend.foundation import identity
from mend.foundation.home import Home
from mend.foundation.home.server_layout import Layout, left_behind, open_to_others, outside, record_path
from mend.foundation.server import leftovers
from mend.foundation.server.errors import ServerError


def bring(home: Home) -> None:
    """Data that lies outside of the home takes the name that fits the home's new path. A copy needs a copy of the data,
    too.

    Raises ServerError with what to do, where the data may still be another home's.
    """
    old = left_behind(home)
    if old is None:
        return
    new = outside(home)
    if not (new / "data" / "PG_VERSION").exists():
        if not old.is_dir():
            raise ServerError(
                f"the databases of {home.root} were in {old}, and are not there. Bring that folder to {new} from its "
                f"backup"
            )
        if not _is_moved(home, old):
            raise ServerError(
                f"{home.root} came without its databases: they lie in {old}, outside of the folder, and may be "
                f"another home's. For a copy, "
                f"stop the first home, then `cp -a {old} {new}`; if the home was moved, `mv {old} {new}`. Then repeat"
            )
        _rename(old, new)
    record_path(home).write_text(json.dumps({"folder": str(new)}), "utf-8")


def require_data(home: Home, layout: Layout) -> None:
    """ServerError where a home comes without its databases (new, empty ones would not fit its lake), or they are out of
    reach.
    """
    known = identity.recorded(home.root)
    if known and known.is_complete and "operations" in home.stores_inside and not layout.is_initialised:
        raise ServerError(
            f"{home.root} came without its databases: there are none in {layout.data}. Copy or restore the home with "
            f"them, "
            "its server stopped"
        )
    if layout.is_initialised and os.geteuid() == 0 and not open_to_others(layout.folder.parent):
        raise ServerError(
            f"the server's own user cannot pass to {layout.folder}: let others pass through the folders above it "
            f"(chmod o+x), or bring the "
            "home to a place where they can"
        )


def _is_moved(home: Home, old: Path) -> bool:
    """Whether no home at the path where this one was last seen has its databases in the folder."""
    known = identity.recorded(home.root)
    if known is None or known.root == home.root:
        return False
    try:
        named = json.loads((known.root / "server.json").read_text("utf-8"))["folder"]
    except FileNotFoundError:
        return True
    except (OSError, ValueError, KeyError):
        return False
    return Path(named) != old


def _rename(old: Path, new: Path) -> None:
    if leftovers.processes(Layout(old, old / "run")):
        raise ServerError(
            f"the server of the moved home still runs in {old}: stop it, `pg_ctl stop -D {old / 'data'}`, then repeat"
        )
    for path in (*old.parent.glob(f"{old.name}-programs-*"), old):
        path.rename(path.with_name(path.name.replace(old.name, new.name)))
