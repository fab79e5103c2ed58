"""What the publications for pages and answers cost a night, the operations database included: everything for the first
time, again when nothing changed, and one more night.

The rows are made: to each customer a contact a month over two months, of five contacts one with damage, of ten one with
a ticket, of twenty one with a grumble. One more night is the last day
but one of the second month.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, text

from bench.measure import GIB, Cost, costing
from mend.foundation import operations, server
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal, every_row
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.grumbles.incoming.step import publish_incoming
from mend.grumbles.records.taxonomy import load_taxonomies, publish_taxonomy
from mend.query.pages.publishing import months_of, publish

MONTH: Final = "2026-05"
DAYS: Final = days_of(MONTH)[:-1]  # on the 31st the windows of a month back move on: that is once a month
FILLED: Final = {  # for what is required and said by nobody
    "string": "'x'",
    "date": "date '2026-05-01'",
    "timestamp": "timestamptz '2026-05-01'",
    "boolean": "false",
}
CONTACTS: Final = """
    select 'K' || i as contact_id, 'C' || lpad(cast(hash(i, 2) % $customers as varchar), 9, '0') as customer_id,
        date '2026-04-01' + cast(hash(i, 3) % 61 as integer) as day, i,
        cast(day as timestamptz) + interval 10 hour as moment
    from range(2 * $customers) as t(i)"""
MADE: Final = {  # table → day of its rows, and the rows of the days' contacts
    "core_contact": (
        "started_on",
        """select contact_id, customer_id, moment as started_at, day as started_on, 'hotline' as touchpoint_code,
            'inbound' as direction_code, 'answered' as outcome from contact_now""",
    ),
    "core_ticket": (
        "opened_on",
        """select 'T' || i as ticket_id, customer_id, contact_id, 'complaint' as kind_code, moment as opened_at,
            day as opened_on, moment as resolved_at, moment as closed_at from contact_now where i % 10 = 0""",
    ),
    "mart_exposure_day": (
        "subject_on",
        """select customer_id, day as subject_on, count(*) as contact_count, 1 as incident_count,
            max(moment) as last_contact_at, max(contact_id) as last_contact_id
            from contact_now group by customer_id, day""",
    ),
    "mart_damage_ledger": (
        "posted_on",
        """select customer_id, day as posted_on, moment as posted_at, 'debit' as entry_kind_code,
            'CON-01' as indicator_id, date '1990-01-01' as rule_version, 'contact' as subject_kind_code,
            contact_id as subject_id, 3 as points from contact_now where i % 5 = 0""",
    ),
    "mart_grumble": (
        "grumbled_on",
        """select 'contact:' || contact_id as grumble_id, customer_id, moment as grumbled_at, day as grumbled_on,
            'contact' as source_kind_code, contact_id as source_id, 'marketing.lock_in' as grumble_type_code
            from contact_now where i % 20 = 0""",
    ),
    "mart_complaint": (
        "complained_on",
        """select 'T' || i as complaint_id, customer_id, moment as complained_at, day as complained_on
            from contact_now where i % 400 = 0""",
    ),
}
MONTHLY: Final = {
    "core_customer": "date '2026-05-01' as month_on, 'active' as status_code, 80 as arpu_amount, 'wuxi' as city_code",
    "mart_customer_cluster": "'2026-04' as month, 'tariff_sensitive' as behaviour_code, 'high' as value_code",
}
OPEN: Final = """
    select cast($night as date) as day_on, grumble_id, customer_id, grumbled_at, grumble_type_code,
        'marketing' as area_code, cast(cast($night as date) - grumbled_on as integer) as age_days, 1 as level
    from mart_grumble where grumbled_on > cast($night as date) - 30 and grumbled_on <= $night"""


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.publication", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int, default=500_000)
    customers = parser.parse_args(argv).customers
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # root's embedded server runs as another user and passes through
        home = Home.at(Path(folder) / "home", {"MEND_ZONE": "Asia/Shanghai"})
        home.prepare()
        server.start(home)
        try:
            operations.upgrade(home.database_url)
            with Workbench.open(home) as bench:
                print("\n".join(table(customers, _costs(home, bench, customers))))
        finally:
            server.remove(home)


def _costs(home: Home, bench: Workbench, customers: int) -> dict[str, tuple[Cost, Cost]]:
    publish_taxonomy(bench, load_taxonomies())
    bench.execute(f"create temp table made_contact as {CONTACTS}", {"customers": customers})
    for name, columns in MONTHLY.items():
        _put(bench, name, f"select distinct customer_id, {columns} from made_contact")
    _put_days(bench, DAYS[-2], is_first=True)
    found = {"the first time": _publish(home, bench, DAYS[:-1])}
    with create_engine(home.database_url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("vacuum (analyze)"))  # between two nights the server has a day for it
    found["nothing changed"] = _publish(home, bench, DAYS[-2:-1])
    _put_days(bench, DAYS[-1], is_first=False)
    return found | {"one more night": _publish(home, bench, DAYS[-1:])}


def _put_days(bench: Workbench, night: dt.date, is_first: bool) -> None:
    """The rows of the night's day, at first those before it, too; and the night's open grumbles."""
    days = "day <= $night" if is_first else "day = $night"
    bench.execute(f"create or replace temp table contact_now as from made_contact where {days}", {"night": night})
    for name, (column, rows) in MADE.items():
        _put(bench, name, rows, None if is_first else (column, night))
    bench.view("mart_grumble")
    _put(bench, "mart_grumble_level", OPEN, ("day_on", night), {"night": night})
    day = "select cast($night as date) as day_on"
    _put(bench, "mart_warning_capacity", day, ("day_on", night), {"night": night})


def _put(
    bench: Workbench,
    name: str,
    query: str,
    part: tuple[str, dt.date] | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Rows in place of a part of a table, or of all: what is required and said by nobody is filled."""
    bench.execute(f"create or replace temp table made as {query}", values)
    given = {row[0] for row in bench.sql("select column_name from (describe made)")}
    others = "".join(
        f", {FILLED.get(each.type, '1') if each.required else 'null'} as {each.name}"
        for each in TABLES[name].columns
        if each.name not in given
    )
    bench.replace(name, f"select *{others} from made", equal(*part) if part else every_row())


def _publish(home: Home, bench: Workbench, days: Sequence[dt.date]) -> tuple[Cost, Cost]:
    operations.mark_core_loaded(home.database_url, list(days))
    with costing(home) as incoming:
        publish_incoming(home, bench, days)
    with costing(home) as stories:
        publish(home, bench, months_of(days), days)
    return incoming, stories


def table(customers: int, costs: dict[str, tuple[Cost, Cost]]) -> list[str]:
    """The costs as a Markdown table."""
    rows = [
        f"| {name} | {incoming.cpu:.1f} | {stories.cpu:.1f} | {max(incoming.peak, stories.peak) / GIB:.2f} |"
        for name, (incoming, stories) in costs.items()
    ]
    return [
        f"### Publications at {customers:,} customers".replace(",", " "),
        "",
        "| | incoming, CPU s | pages, CPU s | peak GiB |",
        "|---|---|---|---|",
        *rows,
        "",
    ]


if __name__ == "__main__":
    main()
