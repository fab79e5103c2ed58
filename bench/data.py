"""A simulated month in a home of its own: clean core tables in the lake, as loading leaves them, and nothing scored
yet.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mend.foundation import operations, server
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal, every_row, one_of
from mend.foundation.periods import ONE_DAY, days_of, first_day_of, month_before
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS
from mend.simulate import core_parquet
from mend.simulate.settings import WORLD

MONTH: Final = "2026-05"
DAYS: Final = days_of(MONTH)
CONTACTS_PER_CUSTOMER: Final = 10
RECORDS_SCORED: Final = ("customer", "contact", "ticket", "survey_reply", "callback_booking", "repair_action")
SNAPSHOTS_BEFORE: Final = 3
ROWS_AT_ONCE: Final = 8_000_000
COPIED: Final = 10_000_000  # a bigger month is so many contacts several times, each time with other customers
NOT_COPIED: Final = ("agent_id", "handler_id")  # ids that are the same in every copy
LATE_SHARE: Final = 1000  # one contact in so many arrives late,
LATE_DAYS: Final = 3  # by a day or up to so many

TABLES_MADE: Final = (
    *(f"core_{record}" for record in RECORDS_SCORED),
    "core_ticket_version", "core_change", "raw_ticket", "raw_callback_booking", "mart_topic_handling_month",
    "mart_damage_month",
)  # fmt: skip

# When each record's versions arrive: a row comes again whenever something happened to it.
ARRIVALS: Final = {
    "contact": [
        "started_on + case when hash(contact_id) % {late} = 0 then "  # noqa: ISC004
        "cast(1 + hash(contact_id) // {late} % {late_days} as integer) else 0 end",
    ],
    "ticket": [
        f"cast({name} as date)"
        for name in ("opened_at", "suspended_at", "resolved_at", "closed_at", "reopened_at", "escalated_at")
    ],
    "callback_booking": ["requested_on", "cast(called_back_at as date)"],
    "survey_reply": ["replied_on"],
    "repair_action": ["done_on"],
}


@dataclass(frozen=True)
class Month:
    """A prepared month: the home whose lake holds it, and how many contacts it was asked to have."""

    contacts: int
    folder: Path

    @property
    def home(self) -> Home:
        """The month's own home, with its own embedded server. MEND_THREADS and MEND_MEMORY_LIMIT apply."""
        limits = {name: os.environ[name] for name in ("MEND_THREADS", "MEND_MEMORY_LIMIT") if name in os.environ}
        return Home.at(self.folder / "home", {"MEND_ZONE": WORLD["zone"], **limits})

    @property
    def files(self) -> dict[str, list[str]]:
        """Paths of the Parquet files of each input table: what every contender reads."""
        listed: dict[str, list[str]] = json.loads((self.folder / "files.json").read_text("utf-8"))
        return listed


def default_folder() -> Path:
    """Where the months are kept: below MEND_BENCH, else in the home folder's `bench`."""
    home = os.environ.get("MEND_HOME") or str(Path.cwd() / ".mend")
    return Path(os.environ.get("MEND_BENCH") or Path(home) / "bench").expanduser().resolve()


def prepared(contacts: int, folder: Path | None = None) -> Month:
    """The month of about so many contacts, made when it is not there yet (10 million: some three minutes; 100 million:
    some fifteen).
    """
    month = Month(contacts, (folder or default_folder()) / str(contacts))
    if not (month.folder / "files.json").exists():
        shutil.rmtree(month.folder, ignore_errors=True)
        month.folder.mkdir(parents=True)
        month.folder.chmod(0o755)  # root's embedded server runs as another user and passes through
        copies, rest = divmod(contacts, COPIED)
        _prepare(
            month,
            lambda bench: (
                _simulate(month, bench) if rest or copies <= 1 else _copy(bench, prepared(COPIED, folder), copies)
            ),
        )
    server.start(month.home)
    return month


def _prepare(month: Month, fill: Callable[[Workbench], None]) -> None:
    """A home of its own, filled; and the list of its files."""
    server.start(month.home)
    operations.upgrade(month.home.database_url)
    with Workbench.open(month.home) as bench:
        fill(bench)
        files = {table: whole_files(bench, table) for table in TABLES_MADE}
    (month.folder / "files.json").write_text(json.dumps(files, indent=1), "utf-8")


def whole_files(bench: Workbench, table: str) -> list[str]:
    """Paths of the table's files, for contenders who read them by themselves."""
    return [file.path.removeprefix("file://") for file in bench.lake.files(table)]


def _simulate(month: Month, bench: Workbench) -> None:
    raw = month.folder / "simulated"
    core_parquet(raw, max(1, month.contacts // CONTACTS_PER_CUSTOMER), MONTH, contacts_per_month=CONTACTS_PER_CUSTOMER)
    for record in (*RECORDS_SCORED, "ticket_version"):
        _load(bench, record, raw)
    _snapshots_before(bench)
    _register_changes(bench, month.contacts)
    _raw_versions(bench)
    _month_before(bench)
    shutil.rmtree(raw)


def _copy(bench: Workbench, month: Month, copies: int) -> None:
    """Every row of another month so many times, each time under ids of its own: the first nought of an id becomes the
    copy's digit.
    """
    for table, paths in month.files.items():
        ids = [name for name in bench.described(table).column_names if name.endswith("_id") and name not in NOT_COPIED]
        others = ", ".join(
            f"regexp_replace({name}, '0', digit) as {name}" for name in ids if table != "mart_topic_handling_month"
        )
        rows = (
            f"select copied.* {f'replace ({others}) ' if others else ''}from read_parquet($file, hive_partitioning "
            f"= false) as copied"
        )
        every = f"{rows}, (select cast(unnest(range({copies if others else 1})) as varchar) as digit)"
        files = [file for path in paths for file in bench.write_partition(table, every, {"file": path})]
        bench.lake.replace(table, every_row(), files)


def _load(bench: Workbench, record: str, raw: Path) -> None:
    """One file a day, as the core load leaves them; big months go some days at a time."""
    column = RECORDS[record.removesuffix("_version")].event_column
    source = f"read_parquet('{raw}/{record}/*/*.parquet', hive_partitioning = false)"
    counted = dict(bench.sql(f"select {column}, count(*) from {source} group by all order by all"))
    for days in _portions(counted):
        paths = [f"'{raw}/{record}/{column}={day}/*.parquet'" for day in days]
        bench.replace(
            f"core_{record}",
            f"select * from read_parquet([{', '.join(paths)}], hive_partitioning = false)",
            one_of(column, days),
        )


def _portions(rows: dict[dt.date, int], limit: int = ROWS_AT_ONCE) -> Iterator[list[dt.date]]:
    portion: list[dt.date] = []
    for day, count in rows.items():
        if portion and sum(rows[each] for each in portion) + count > limit:
            yield portion
            portion = []
        portion.append(day)
    if portion:
        yield portion


def _snapshots_before(bench: Workbench) -> None:
    """The three snapshots before: the same customers, who spent somewhat more or less then."""
    for number in range(1, SNAPSHOTS_BEFORE + 1):
        bench.view("core_customer", days=[DAYS[0]], as_name="now")
        share = f"(70 + hash(customer_id || '{number}') % 100) / 100"
        bench.replace(
            "core_customer",
            f"select * replace (cast(month_on - to_months({number}) as date) as month_on, "
            f"cast(arpu_amount * {share} as decimal(12, 2)) as arpu_amount, cast(minutes_of_use * {share} as integer) "
            f"as minutes_of_use) "
            "from now where joined_on is null or joined_on < month_on",
            equal("month_on", _months_ago(number)),
        )


def _months_ago(number: int) -> dt.date:
    day = DAYS[0]
    for _ in range(number):
        day = first_day_of(month_before(day))
    return day


def _register_changes(bench: Workbench, contacts: int) -> None:
    """The register of changes: every version of every row on the business date that brought it."""
    step = max(1, min(len(DAYS), len(DAYS) * ROWS_AT_ONCE // max(contacts, 1)))
    for record in ARRIVALS:
        contract = RECORDS[record]
        for start in range(0, len(DAYS), step):
            chosen = DAYS[start : start + step]
            _open_versions(bench, record, chosen)
            bench.replace(
                "core_change",
                f"select '{record}' as record_code, arrived_on, {contract.event_column} as subject_on, "
                f"{contract.key[0]} as subject_id, customer_id from version",
                all_of(
                    equal("record_code", record), at_least("arrived_on", chosen[0]), at_most("arrived_on", chosen[-1])
                ),
            )


def _raw_versions(bench: Workbench) -> None:
    """The versions of tickets and bookings as they arrived, one batch a business date: a night looks whether they
    agree.
    """
    for record in ("ticket", "callback_booking"):
        _open_versions(bench, record, DAYS)
        bench.replace(
            f"raw_{record}",
            "select *, 'simulator' as source_code, arrived_on - date '2026-01-01' as batch_number, 0 as line_number, "
            "cast(null as timestamptz) as source_updated_at from version",
            every_row(),
        )


def _open_versions(bench: Workbench, record: str, chosen: list[dt.date]) -> None:
    """The view `version`: a row for each time that a row of the record arrived on the chosen days."""
    bench.view(f"core_{record}", days=_arriving(record, chosen), as_name="arrived")
    days = "[" + ", ".join(text.format(late=LATE_SHARE, late_days=LATE_DAYS) for text in ARRIVALS[record]) + "]"
    bench.execute(
        f"create or replace temp view version as select * from (select *, unnest(list_distinct({days})) as arrived_on "
        f"from arrived) "
        f"where arrived_on between date '{chosen[0]}' and date '{chosen[-1]}'"
    )


def _arriving(record: str, chosen: list[dt.date]) -> list[dt.date]:
    """The days whose rows may arrive on the chosen ones."""
    first = DAYS[0] if record in ("ticket", "callback_booking") else chosen[0] - LATE_DAYS * ONE_DAY
    return [day for day in DAYS if first <= day <= chosen[-1]]


def _month_before(bench: Workbench) -> None:
    """The month before: each topic's median handling time, and a score to carry over for one customer in four."""
    before = month_before(DAYS[0])
    bench.view("core_contact", as_name="handled")
    bench.replace(
        "mart_topic_handling_month",
        """select $month as month, topic_code, cast(median(coalesce(talk_seconds, 0) + coalesce(hold_seconds,
        0)) as double)
            as median_handling_seconds, count(*) as contact_count
        from handled where is_answered and topic_code is not null and direction_code = 'inbound'
        and talk_seconds is not null
        group by topic_code""",
        equal("month", before),
        {"month": before},
    )
    bench.view("core_customer", days=[DAYS[0]], as_name="now")
    bench.replace("mart_damage_month", BEFORE, equal("month", before), {"month": before})


BEFORE: Final = """
select
    $month as month, customer_id, cast(1 + hash(customer_id) // 4 % 40 as decimal(12, 2)) as score,
    0 as carry_over_points,
    1 + hash(customer_id) // 4 % 40 as damage_points, 0 as repair_points, 0 as peak_points, null as peak_subject_id,
    0 as end_points,
    null as end_at, 0 as contact_count, 0 as incident_count, 0 as ivr_points, 0 as agent_points,
    'none' as segment_code, 1 as level,
    false as is_explicit, 0 as explicit_grade, false as is_escalated, false as is_in_consolidation,
    null as lifecycle_stage_code, null as city_code, false as is_last_known, false as has_left, true as is_closed
from now where hash(customer_id) % 4 = 0
"""


@contextmanager
def unscored(month: Month) -> Iterator[Workbench]:
    """A bench on the month with nothing scored: ledger, exposure and the month's own scores emptied."""
    with Workbench.open(month.home) as bench:
        clear(bench)
        yield bench


def clear(bench: Workbench) -> None:
    """Empty what scoring writes. The files stay on the disk; no reader sees them."""
    bench.lake.replace("mart_damage_ledger", every_row(), [])
    bench.lake.replace("mart_exposure_day", every_row(), [])
    for table in ("mart_damage_month", "mart_indicator_month"):
        bench.lake.replace(table, equal("month", MONTH), [])
