"""What people take in hand of a night: the list as CSV files, one per department, and the levels as a picture.

Both are made from the night's tables alone.

A run writes them for its last night and for the last night of each month. Every other night's rows are in the tables,
and `write_night` makes its files from them at any time; where a night's files are there already, a run that makes its
list again writes them again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mend.foundation.home import Home
from mend.foundation.list_file import write_result
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.charts import line_picture
from mend.grumbles.warning.nights import ROOM

PICTURE_COLUMNS: Final = ("type", "behaviour", "level", "share", "is_above", "line_level")


def write_files(
    home: Home, bench: Workbench, made: Sequence[dt.date], last: dt.date, unmasked: bool = False
) -> Path | None:
    """Write the files of a run; gives the folder of the latest list written, None when there is none.

    Args:
        made: nights whose lists the run made. last: the last night that was asked for.
        unmasked: whole phone numbers, into a folder beside the masked one that only its owner can read.
    """
    chosen = [
        day
        for day in made
        if day == last
        or (day + ONE_DAY).day == 1
        or list_folder(home, day, unmasked).exists()
        or _picture(home, day).exists()
    ]
    folders = [write_night(home, bench, day, unmasked) for day in chosen]
    return folders[-1] if folders else None


def write_night(home: Home, bench: Workbench, day: dt.date, unmasked: bool = False) -> Path:
    """Write a night's files and picture from its tables, in place of earlier ones; gives the files' folder."""
    with open_step(bench, "warning files") as step:
        step.view("mart_grumble_level", "graded_night", [day])
        step.view("mart_warning", "listed_night", [day])
        found = step.rows(read_model(ROOM, "line_picture"))
        line_picture(_picture(home, day), str(day), [dict(zip(PICTURE_COLUMNS, row, strict=True)) for row in found])
        return _write_lists(home, step, day, unmasked)


def _write_lists(home: Home, step: Step, day: dt.date, unmasked: bool) -> Path:
    """<home>/lists/warning/<day>/<department>.csv in place of the night's earlier files."""
    _open(step, day)
    folder = list_folder(home, day, unmasked)
    draft = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    draft.mkdir(parents=True, mode=0o700)
    for (department,) in step.rows(read_model(ROOM, "list_department")):
        values = {"department": department, "unmasked": unmasked}
        result = step.stream(read_model(ROOM, "department_file"), values)
        write_result(draft / f"{file_name(department)}.csv", result, step.bench.zone)
    if not unmasked:
        draft.chmod(0o755)
    _swap(draft, folder)
    return folder


def list_folder(home: Home, day: dt.date, unmasked: bool = False) -> Path:
    """Where a night's files are."""
    return home.lists_folder / "warning" / (f"{day}-unmasked" if unmasked else f"{day}")


def _picture(home: Home, day: dt.date) -> Path:
    return home.root / "reports" / "warning" / f"{day}.svg"


def _open(step: Step, day: dt.date) -> None:
    step.view("mart_warning", "warning_row", [day])
    snapshots = [each for each in step.bench.lake.days("core_customer", "month_on") if each <= day]
    step.view("core_customer", "snapshot_file", [max(snapshots)] if snapshots else [])
    step.run(read_model(ROOM, "snapshot"))


def _swap(draft: Path, folder: Path) -> None:
    """The draft in the folder's place; what was there goes."""
    old = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def file_name(department: str) -> str:
    """A department's code as a file name: letters, digits, `-` and `_` stay, the rest becomes `_` with a digest that
    differs.

    >>> file_name("network"), file_name("../etc")[:6]
    ('network', '___etc')
    """
    plain = re.sub(r"[^\w-]", "_", department)
    return plain if plain == department else f"{plain}-{hashlib.sha256(department.encode()).hexdigest()[:6]}"
