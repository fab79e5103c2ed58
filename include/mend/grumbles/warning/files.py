"""The warning list as CSV files, one per department."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import uuid
from pathlib import Path

from mend.foundation.home import Home
from mend.foundation.list_file import write_result
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench


def write_files(home: Home, bench: Workbench, day: dt.date, unmasked: bool = False) -> Path:
    """Write <home>/lists/warning/<day>/<department>.csv in place of the night's earlier files; gives the folder.

    Args:
        unmasked: whole phone numbers, into a folder beside the masked one that only its owner can read.
    """
    _open(bench, day)
    folder = list_folder(home, day, unmasked)
    draft = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    draft.mkdir(parents=True, mode=0o700)
    for (department,) in bench.sql("select distinct department_code from warning_row order by 1"):
        values = {"department": department, "unmasked": unmasked}
        result = bench.engine.run(models.load("grumbles/warning", "department_file"), values)
        write_result(draft / f"{file_name(department)}.csv", result, bench.zone)
    if not unmasked:
        draft.chmod(0o755)
    _swap(draft, folder)
    return folder


def list_folder(home: Home, day: dt.date, unmasked: bool = False) -> Path:
    """Where a night's files are."""
    return home.lists_folder / "warning" / (f"{day}-unmasked" if unmasked else f"{day}")


def _open(bench: Workbench, day: dt.date) -> None:
    bench.view("mart_warning", days=[day], as_name="warning_row")
    snapshots = [each for each in bench.lake.days("core_customer", "month_on") if each <= day]
    bench.view("core_customer", days=[max(snapshots)] if snapshots else [], as_name="snapshot_file")
    with bench.engine.joins_as_written():  # a few thousand of millions of customers, for all departments at once
        listed = "select customer_id, phone_number from snapshot_file semi join warning_row using (customer_id)"
        bench.execute(f"create or replace temp table snapshot as {listed}")


def _swap(draft: Path, folder: Path) -> None:
    """The draft in the folder's place; what was there goes."""
    old = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def file_name(department: str) -> str:
    """A department's code as a file name: letters, digits, `-` and `_` stay, the rest becomes `_` with a digest to tell
    them apart.

    >>> file_name("network"), file_name("../etc")[:6]
    ('network', '___etc')
    """
    plain = re.sub(r"[^\w-]", "_", department)
    return plain if plain == department else f"{plain}-{hashlib.sha256(department.encode()).hexdigest()[:6]}"
