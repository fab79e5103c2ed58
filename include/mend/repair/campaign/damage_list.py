"""The first list: damaged customers by level, score and segment, with reasons in words; a CSV file per city."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mend.errors import BadDataError
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.list_file import write_result
from mend.foundation.periods import days_of
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES

ROOM: Final = "repair/campaign"
LONGEST_NAME: Final = 120  # bytes
REASONS: Final = 3  # so many of the indicators that cost most are given as a customer's reasons
COLUMNS_OF_CONTENT: Final = (
    "city_code, rank, customer_id, level, score, segment_code, is_explicit, explicit_grade, is_last_known, reasons_en"
)


class ListError(BadDataError):
    """A list that cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class ListReport:
    """A list: its month, version, rows, cities, the folder of its files, and whether this run published it."""

    month: str
    version: int
    customers: int
    cities: int
    folder: str
    is_new: bool


def damage_list(home: Home, bench: Workbench, month: str, unmasked: bool = False) -> ListReport:
    """Write mart_damage_list of a closed month (YYYY-MM) and its files, a new version only when the content is new.

    Args:
        unmasked: write whole phone numbers, into a folder beside the masked one that only its owner can read.

    Raises:
        ListError: when the month is not closed.
    """
    days = days_of(month)
    with open_step(bench, "damage_list") as step:
        _open_inputs(step, month, days)
        step.run(read_model(ROOM, "damage_list"), {"month": month, "reasons": REASONS})
        customers, cities = bench.sql("select count(*), count(distinct city_code) from damage_list")[0]
        made = operations.publish_list(home.database_url, month, _digest(bench), customers)
        name = f"v{made.version}-unmasked" if unmasked else f"v{made.version}"
        folder = home.lists_folder / month / name
        bench.lake.replace("mart_damage_list", equal("month", month), step.write("mart_damage_list", "damage_list"))
        if not folder.exists():
            _write_files(step, folder, days[0], unmasked)
    return ListReport(month, made.version, customers, cities, str(folder), made.is_new)


def _open_inputs(step: Step, month: str, days: list[dt.date]) -> None:
    # A month in which nobody was damaged is closed, too.
    if not step.view("mart_closed_month", "closed_month", where=equal("month", month)):
        raise ListError(f"{month} is not closed; close it first (mend month {month})")
    step.view("mart_damage_month", "month_file", where=equal("month", month))
    put_persons(step, persons_of(step.bench, days[-1]))
    step.view("mart_damage_ledger", "posted", days=days)
    step.make(read_model(ROOM, "list_entry"), "entry", is_view=True)
    view_snapshots(step, days[0], days[-1])
    step.view("mart_indicator", "indicator_words")
    for name in ("level", "segment"):
        words = [(code, en, zh) for code, (en, zh) in CODES[name].items()]
        step.put(f"{name}_words", {"code": "varchar", "en": "varchar", "zh": "varchar"}, words)


def _digest(bench: Workbench) -> str:
    """SHA-256 of the list's content in order; rows are read a block at a time."""
    digest = hashlib.sha256()
    rows = bench.engine.run(f"select concat_ws('|', {COLUMNS_OF_CONTENT}) from damage_list order by city_code, rank")
    while block := rows.fetchmany(50_000):
        digest.update("\n".join(row[0] for row in block).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _write_files(step: Step, folder: Path, first_day: dt.date, unmasked: bool) -> None:
    """All files or none: they are written beside and moved into place together."""
    draft = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    draft.mkdir(parents=True, mode=0o700)
    for (city,) in step.bench.sql("select distinct city_code from damage_list order by 1"):
        values = {"city": city, "first_day": first_day, "unmasked": unmasked}
        rows = step.stream(read_model(ROOM, "city_file"), values)
        write_result(draft / f"{file_name(city)}.csv", rows, step.bench.zone)
    if not unmasked:
        draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:  # another run of the same version was faster
        shutil.rmtree(draft)


def file_name(city: str) -> str:
    """A city's code as a file name: letters, digits, `-` and `_` stay, the rest becomes `_` with a digest to tell
    cities apart. A long one is cut, for file systems hold 255 bytes.

    >>> file_name("hangzhou"), file_name("杭州")
    ('hangzhou', '杭州')
    >>> file_name("../etc")[:6]
    '___etc'
    >>> len(file_name("杭" * 100).encode()), file_name("")
    (127, '-e3b0c4')
    """
    plain = re.sub(r"[^\w-]", "_", city).encode()[:LONGEST_NAME].decode(errors="ignore")
    return plain if plain == city != "" else f"{plain}-{hashlib.sha256(city.encode()).hexdigest()[:6]}"
