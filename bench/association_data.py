"""A month of grumbles and complaints in a home of its own: to 20 customers 20 contacts, 10 grumbles and 1 complaint
(over two months).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.data import whole_files
from mend.foundation import operations, server
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.simulate.settings import WORLD

MONTH: Final = "2026-05"
TABLES_READ: Final = ("core_customer", "core_contact", "mart_grumble", "mart_complaint")
POINTS: Final = 27  # nine areas of three points
BEHAVIOURS: Final = (
    "['limited_patience', 'tariff_sensitive', 'cooperative_realist', 'rational_assertive', 'not_shown_yet']"
)

# Days count from 1 April to the 61st, 31 May. One customer in ten grumbles ten times as often as the rest.
SOURCES: Final = {
    "customer": """
        select 'C' || lpad(cast(i as varchar), 9, '0') as customer_id, date '2026-05-01' as month_on,
        'active' as status_code,
            'brand' || hash(i, 1) % 4 as brand_code, 1950 + hash(i, 2) % 55 as birth_year,
            date '2015-01-01' + cast(hash(i, 3) % 4000 as integer) as joined_on,
            round(exp(3.5 + hash(i, 4) % 1000 / 500.0), 2) as arpu_amount, hash(i, 5) % 900 as minutes_of_use,
            hash(i, 6) % 90 as sms_count,
            hash(i, 7) % 20000 as data_mb, hash(i, 8) % 30 as value_added_amount
        from range($customers) as t(i)""",
    "grumble": """
        select 'contact:' || i as grumble_id, 'C' || lpad(cast(case when hash(i, 1) % 2 = 0 then hash(i, 2) % $customers
            else hash(i, 2) % ($customers // 10) end as varchar), 9, '0') as customer_id,
            date '2026-04-01' + cast(hash(i, 3) % 61 as integer) as day,
            'point' || lpad(cast(least(hash(i, 4) % {points}, hash(i, 5) % {points}) as varchar), 2, '0') as type, i,
            hash(i, 6) % 40 as solved_after
        from range($customers // 2) as t(i)""",
    "complaint": """
        select 'T' || i as complaint_id, type, customer_id, day, i from (
            select i, customer_id, type, day + 1 + cast(hash(i, 7) % 20 as integer) as day from grumble where i % 20 = 0
            union all
            select $customers + i, 'C' || lpad(cast(hash(i, 8) % $customers as varchar), 9, '0'),
                'point' || lpad(cast(hash(i, 9) % {points} as varchar), 2, '0'), date '2026-04-01' + cast(hash(i,
                10) % 61 as integer)
            from range($customers // 40) as t(i)
        ) where day <= date '2026-05-31'""",
    "contact": """
        select 'K' || i as contact_id, 'C' || lpad(cast(hash(i, 2) % $customers as varchar), 9, '0') as customer_id,
            date '2026-04-01' + cast(hash(i, 3) % 61 as integer) as day,
            'topic' || hash(i, 11) % 12 as topic_code, hash(i, 12) % 10 = 0 as is_abandoned,
            hash(i, 13) % 200 as queue_seconds, hash(i, 14) % 90 as hold_seconds,
            case hash(i, 15) % 8 when 0 then 'angry' when 1 then 'annoyed' else 'calm' end as mood_code
        from range($customers) as t(i)""",
}  # fmt: skip
WRITTEN: Final = {
    "core_customer": ("customer", "*"),
    "core_contact": (
        "contact",
        """* exclude (day), cast(day as timestamptz) + interval 10 hour as started_at, day as started_on,
        'inbound' as direction_code,
            'hotline' as touchpoint_code, 'answered' as outcome, not is_abandoned as is_answered""",
    ),
    "mart_grumble": (
        "grumble",
        """grumble_id, customer_id, cast(day as timestamptz) + interval 10 hour + to_seconds(i % 3600) as grumbled_at,
        day as grumbled_on,
            'contact' as source_kind_code, cast(i as varchar) as source_id, type as grumble_type_code,
            'source' as classified_by_code,
            false as is_solved_at_once, solved_after < 30 as is_solved,
            case when solved_after < 30 then cast(day as timestamptz) + to_days(cast(solved_after as integer)) end as
            solved_at""",
    ),
    "mart_complaint": (
        "complaint",
        """complaint_id, customer_id, cast(day as timestamptz) + interval 9 hour as complained_at, day as complained_on,
            type as complaint_type_code, 'source' as classified_by_code, i % 9 = 0 as is_escalated""",
    ),
}


@dataclass(frozen=True)
class GrumbleMonth:
    """A prepared month of so many customers, in a folder."""

    customers: int
    folder: Path

    @property
    def home(self) -> Home:
        """The month's own home, with its own embedded server. MEND_THREADS and MEND_MEMORY_LIMIT apply."""
        limits = {name: os.environ[name] for name in ("MEND_THREADS", "MEND_MEMORY_LIMIT") if name in os.environ}
        return Home.at(self.folder / "home", {"MEND_ZONE": WORLD["zone"], **limits})

    @property
    def files(self) -> dict[str, list[str]]:
        """Paths of the Parquet files of each input table."""
        listed: dict[str, list[str]] = json.loads((self.folder / "files.json").read_text("utf-8"))
        return listed


def prepared(customers: int, folder: Path) -> GrumbleMonth:
    """The month of so many customers, made when it is not there yet (10 million: some four minutes)."""
    month = GrumbleMonth(customers, folder / f"grumbles-{customers}")
    if not (month.folder / "files.json").exists():
        server.remove(month.home)  # of a try that was cut off: its server must not outlive its folder
        shutil.rmtree(month.folder, ignore_errors=True)
        month.folder.mkdir(parents=True)
        month.folder.chmod(0o755)  # root's embedded server runs as another user and passes through
        _make(month)
    server.start(month.home)
    return month


def _make(month: GrumbleMonth) -> None:
    server.start(month.home)
    operations.upgrade(month.home.database_url)
    with Workbench.open(month.home) as bench:
        for name, query in SOURCES.items():
            bench.execute(
                f"create or replace temp table {name} as {query.format(points=POINTS)}", _needed(query, month.customers)
            )
        for table, (source, columns) in WRITTEN.items():
            bench.execute(f"create or replace temp view made as select {columns} from {source}")
            given = {row[0] for row in bench.sql("select column_name from (describe made)")}
            nulls = "".join(f", null as {column.name}" for column in TABLES[table].columns if column.name not in given)
            bench.replace(table, f"select *{nulls} from made", every_row())
        bench.replace("mart_customer_cluster", CLUSTERS, every_row())
        files = {table: whole_files(bench, table) for table in TABLES_READ}
    (month.folder / "files.json").write_text(json.dumps(files, indent=1), "utf-8")


CLUSTERS: Final = f"""
select '2026-04' as month, customer_id, value_code, behaviour_code, value_code || ':' || behaviour_code as cluster_code,
    cast(null as varchar) as value_group_code, 'no_preference' as consumption_code
from (
    select customer_id, ['high', 'normal', 'low'][1 + cast(hash(customer_id, 1) % 3 as integer)] as value_code,
        {BEHAVIOURS}[1 + cast(hash(customer_id, 2) % 5 as integer)] as behaviour_code
    from customer
)
"""


def _needed(query: str, customers: int) -> dict[str, int]:
    return {"customers": customers} if "$customers" in query else {}


@dataclass(frozen=True)
class Arguments:
    """`output` is the folder for the contender's results; `answer` the file for its cost."""

    month: GrumbleMonth
    output: Path
    answer: str | None


def parse(description: str | None, argv: Sequence[str] | None = None) -> Arguments:
    """A contender's command line: --customers, --folder, --output, --answer."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--customers", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where the prepared months are")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--answer")
    given = parser.parse_args(argv)
    given.output.mkdir(parents=True, exist_ok=True)
    return Arguments(
        GrumbleMonth(given.customers, given.folder / f"grumbles-{given.customers}"), given.output, given.answer
    )
