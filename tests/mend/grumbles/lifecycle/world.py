"""A small centre with a known truth: who is damaged, who leaves, who grumbles about what.

Customers K1 to K1000. K1 to K400 are known to the closes of January to March 2026, at level n % 5 and a stage by n % 4;
the others are quiet. K1001 became K1 on 10 March.
"""

from __future__ import annotations

from typing import Final

from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench

MONTHS = ("2026-01", "2026-02", "2026-03")
CUSTOMERS, KNOWN = 1000, 400
STAGE = "case n % 4 when 0 then 'exploration' when 1 then 'formation' when 2 then 'stable' else 'decline' end"
GONE = (
    "(m = 3 and (n <= 400 and n % 10 = 4 or n % 50 = 0))"  # 40 of level 4, 20 undamaged, of them 8 known to the close
)
LEFT, ABSENT = 60, 20
EMPTY: Final = {
    "string": "''", "boolean": "false", "date": "date '2026-01-01'", "timestamp": "timestamptz '2026-01-01 00:00:00+08'"
}  # fmt: skip


def fill(bench: Workbench, table: str, query: str) -> None:
    """Fill a table from a query; columns left out are empty, those that must not be get what their type allows."""
    bench.execute(f"create or replace temp table _given as {query}")
    given = {name for (name,) in bench.sql("select column_name from (describe _given)")}
    columns = [
        f'"{column.name}"'
        if column.name in given
        else f'{EMPTY.get(column.type, "0") if column.required else "null"} as "{column.name}"'
        for column in bench.described(table).columns
    ]
    bench.replace(table, f"select {', '.join(columns)} from _given", every_row())


PEOPLE: Final = f"(select unnest(range(1, {CUSTOMERS + 2})) as n), (select unnest([1, 2, 3]) as m)"


def load_customers(bench: Workbench, gone: str = GONE) -> None:
    """Put the snapshots into the lake, in place of those that are there.

    Args:
        gone: who is left by which snapshot, as a condition on n and the month m.
    """
    fill(
        bench,
        "core_customer",
        "select 'K' || n as customer_id, make_date(2026, m, 1) as month_on, date '2020-01-01' as joined_on, "
        f"case when {gone} then 'left' else 'active' end as status_code from {PEOPLE} "
        "where not (m = 3 and (n % 50 = 7 or n = 1001))",
    )


def load(bench: Workbench) -> None:
    """Put the centre into the lake."""
    load_customers(bench)
    fill(
        bench,
        "mart_damage_month",
        f"select '2026-0' || m as month, 'K' || n as customer_id, n % 5 as level, {STAGE} as lifecycle_stage_code, "
        f"case when m = 3 and n % 3 = 0 then 0 else 1 end as contact_count, {GONE} as has_left "
        f"from {PEOPLE} where n <= {KNOWN} or n = 1001 and m < 3",
    )
    fill(
        bench,
        "core_customer_alias",
        "select 'K1001' as old_customer_id, 'K1' as new_customer_id, date '2026-03-10' as merged_on",
    )
    fill(
        bench,
        "mart_grumble",
        "select 'contact:' || n || '-' || m as grumble_id, 'K' || n as customer_id, "
        "make_date(2026, m, 5) as grumbled_on, case when n % 3 = 0 then null when n % 4 = 0 then 'marketing' "
        f"else 'tariff_billing' end as grumble_type_code from {PEOPLE} "
        "where n <= case when m = 3 then 300 else 100 end",
    )
    fill(
        bench,
        "mart_complaint",
        "select 'T' || n as complaint_id, 'K' || n as customer_id, date '2026-03-06' as complained_on "
        "from range(1, 21) as r(n)",
    )
    fill(
        bench,
        "mart_damage_ledger",
        "select 'K' || n as customer_id, date '2026-03-07' as posted_on, 'debit' as entry_kind_code, "
        "'CON-02' as indicator_id from range(350, 381) as r(n)",
    )
    close(bench, MONTHS)


def close(bench: Workbench, months: tuple[str, ...], measured: tuple[str, ...] = ("CON-02", "IVR-09")) -> None:
    """Mark these months as closed, and these indicators as measured in them."""
    named = ", ".join(f"'{month}'" for month in months)
    indicators = ", ".join(f"'{indicator}'" for indicator in measured)
    fill(bench, "mart_closed_month", f"select month, 'x' as inputs_digest from (select unnest([{named}]) as month)")
    fill(
        bench,
        "mart_indicator_month",
        "select month, indicator_id, true as is_measured "
        f"from (select unnest([{named}]) as month), (select unnest([{indicators}]) as indicator_id)",
    )
