"""What people take in hand of a night: the list as files and the levels as a picture, both made from the night's tables
alone.

A run writes them for its last night and for the last night of each month. Every other night's rows are in the tables,
and `write_night` makes its files from them at any time; where a night's files are there already, a run that makes its
list again writes them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from mend.foundation.home import Home
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.charts import line_picture
from mend.grumbles.warning.files import list_folder, write_files

PICTURE_COLUMNS = ("type", "behaviour", "level", "share", "is_above", "line_level")


def write_papers(
    home: Home, bench: Workbench, made: Sequence[dt.date], last: dt.date, unmasked: bool = False
) -> Path | None:
    """Write the papers of a run; gives the folder of the latest list written, None when there is none.

    Args:
        made: nights whose lists the run made. last: the last night that was asked for.
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
    bench.view("mart_grumble_level", days=[day], as_name="graded_night")
    bench.view("mart_warning", days=[day], as_name="listed_night")
    found = bench.sql(models.load("grumbles/warning", "line_picture"))
    line_picture(_picture(home, day), str(day), [dict(zip(PICTURE_COLUMNS, row, strict=True)) for row in found])
    return write_files(home, bench, day, unmasked)


def _picture(home: Home, day: dt.date) -> Path:
    return home.root / "reports" / "warning" / f"{day}.svg"
