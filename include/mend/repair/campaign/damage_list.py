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
from mend.foundation import periods as calendar
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.list_file import write_result
from mend.foundation.persons import by_person, view_persons
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES

REASONS: Final = 3  # so many of the dearest indicators stand as a customer's reasons
COLUMNS_OF_CONTENT: Final = "city_code, rank, customer_id, level, score, segment_code, reasons_en"


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
    days = calendar.days_of(month)
    _open_inputs(bench, month, days)
    values = {"month": month, "first_day": days[0], "last_day": days[-1], "reasons": REASONS}
    bench.execute(f"create or replace temp table list_row as {models.load('repair/campaign', 'damage_list')}", values)
    customers, cities = bench.sql("select count(*), count(distinct city_code) from list_row")[0]
    list_version = operations.publish_list(home.database_url, month, _digest(bench), customers)
    folder = (
        home.lists_folder / month / (f"v{list_version.version}-unmasked" if unmasked else f"v{list_version.version}")
    )
    bench.replace("mart_damage_list", "select * from list_row", equal("month", month))
    if not folder.exists():
        _write_files(bench, folder, days[0], unmasked)
    return ListReport(month, list_version.version, customers, cities, str(folder), list_version.is_new)


def _open_inputs(bench: Workbench, month: str, days: list[dt.date]) -> None:
    bench.view("mart_damage_month", where=equal("month", month), as_name="month_file")
    bench.view("mart_indicator_month", where=equal("month", month), as_name="closed_indicator")
    # A month in which nobody was damaged is closed, too: its indicators are there.
    closed = (
        "select 1 from month_file where month = $month union all select 1 from closed_indicator where month = $month"
    )
    if not bench.sql(f"{closed} limit 1", {"month": month}):
        raise ListError(f"{month} is not closed; close it first (mend month {month})")
    posted = all_of(at_least("posted_on", days[0]), at_most("posted_on", days[-1]))
    merged = view_persons(bench, days[-1]) > 0
    by_id = "_by_id" if merged else ""
    bench.view("mart_damage_ledger", where=posted, as_name=f"ledger{by_id}")
    bench.view("core_customer", days=[days[0]], as_name=f"snapshot{by_id}")
    if merged:
        by_person(bench, "ledger")
        by_person(bench, "snapshot", is_snapshot=True)
    bench.view("mart_indicator")
    for name in ("level", "segment"):
        bench.execute(f"create or replace temp table {name}_words (code varchar, en varchar, zh varchar)")
        rows = [(code, en, zh) for code, (en, zh) in CODES[name].items()]
        bench.engine.connection.executemany(f"insert into {name}_words values (?, ?, ?)", rows)


def _digest(bench: Workbench) -> str:
    """SHA-256 of the list's content in order; rows are read a block at a time."""
    digest = hashlib.sha256()
    rows = bench.engine.run(f"select concat_ws('|', {COLUMNS_OF_CONTENT}) from list_row order by city_code, rank")
    while block := rows.fetchmany(50_000):
        digest.update("\n".join(row[0] for row in block).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _write_files(bench: Workbench, folder: Path, first_day: dt.date, unmasked: bool) -> None:
    """All files or none: they are written beside and moved into place together."""
    draft = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    draft.mkdir(parents=True, mode=0o700)
    for (city,) in bench.sql("select distinct city_code from list_row order by 1"):
        values = {"city": city, "first_day": first_day, "unmasked": unmasked}
        write_result(
            draft / f"{file_name(city)}.csv",
            bench.engine.run(models.load("repair/campaign", "city_file"), values),
            bench.zone,
        )
    if not unmasked:
        draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:  # another run of the same version was faster
        shutil.rmtree(draft)


def file_name(city: str) -> str:
    """A city's code as a file name: letters, digits, `-` and `_` stay, the rest becomes `_` with a digest to tell
    cities apart.

    >>> file_name("hangzhou"), file_name("杭州")
    ('hangzhou', '杭州')
    >>> file_name("../etc")[:6]
    '___etc'
    """
    plain = re.sub(r"[^\w-]", "_", city)
    return plain if plain == city else f"{plain}-{hashlib.sha256(city.encode()).hexdigest()[:6]}"
