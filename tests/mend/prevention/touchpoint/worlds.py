"""A small centre for the month's tests: queries in a menu node, a queue, answers; and the plan that measures it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.mend.damage.closing.tables import put_table
from tests.mend.damage.scoring.rows import put

from mend.foundation.conditions import parse
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS
from mend.prevention.touchpoint.formulas import WORKED_OUT, Formula
from mend.prevention.touchpoint.judging import Ratings
from mend.prevention.touchpoint.plan import Plan, rated
from mend.prevention.touchpoint.rows import Facts

MONTH = "2026-03"
PEOPLE = """
valid_from: 2026-01-01
source: people of the tests
managers: [Chen Bo]
owners:
  wu: {en: self-service, zh: 自助, people: [Wu Min], deputies: [Li Na]}
  lin: {en: hotline, zh: 热线, people: [Lin Tao]}
touchpoints:
  balance:
    {name_en: balance query, name_zh: 余额查询, stage_code: use, purpose_en: p, purpose_zh: 目的, role_en: r,
    role_zh: 作用, owner_id: wu, department_code: service}
"""
EVERYTHING: Mapping[str, frozenset[str]] = {
    name: frozenset(column.name for column in record.columns) for name, record in RECORDS.items()
}
WITHOUT_NODES = {**EVERYTHING, "contact": EVERYTHING["contact"] - {"ivr_node_code"}}
Row = dict[str, Any]


def formula(
    touchpoint: str,
    aspect: str,
    where: str,
    succeeded: str,
    worst: float = 0.5,
    best: float = 0.9,
    record: str = "contact",
    number: int = 1,
    least_count: int = 30,
) -> Formula:
    """One measure; `succeeded` is a condition, or `mean X`."""
    columns = {column.name for column in RECORDS[record].columns}
    columns |= set(WORKED_OUT[record])
    counted = succeeded.removeprefix("mean ") if succeeded.startswith("mean ") else parse(succeeded, columns)
    return Formula(touchpoint, aspect, number, record, parse(where, columns), counted, worst, best, least_count)


BALANCE = Facts(
    "balance", "IVR balance query", "自助余额查询", "use", "wu", "self-service", "自助", "service", 8.0, 9.0
)
QUEUE = Facts("queue", "Queue", "排队", "use", "lin", "hotline", "热线", "service", 9.0, 8.0)
SHOP = Facts("shop", "Shop advice", "营业厅咨询", "consider", "zhao", "shops", "营业厅", "market", 7.0, 8.0)
NODE = "ivr_node_code = 'balance'"
FORMULAS = (
    formula("balance", "operating", NODE, "ivr_result_code = 'completed'"),
    formula("balance", "experience", NODE, "mean points", worst=3, best=0),
    formula("queue", "operating", "queue_seconds is not null", "is_answered", worst=0.6, best=0.95),
    formula("queue", "experience", "queue_seconds is not null", "mean queue_seconds", worst=120, best=10),
)


def plan(
    *facts: Facts,
    formulas: Iterable[Formula] = FORMULAS,
    ratings: Mapping[tuple[str, str], Ratings] | None = None,
    version: str = "2026-01-01",
) -> Plan:
    """A plan over these touchpoints (all three by default); the shop is rated by three people."""
    codes = {each.code for each in facts or (BALANCE, QUEUE, SHOP)}
    given = {("shop", "operating"): rated(7.0, 1.0, 3, 1, 0.95), ("shop", "experience"): rated(4.0, 1.0, 3, 1, 0.95)}
    return Plan(
        dt.date.fromisoformat(version),
        facts or (BALANCE, QUEUE, SHOP),
        tuple(each for each in formulas if each.touchpoint in codes),
        given if ratings is None else ratings,
    )


def name_people(home: Home) -> None:
    """Put an inventory that names who may answer into the home."""
    folder = home.root / "touchpoints"
    folder.mkdir(exist_ok=True)
    (folder / "2026-01-01.yaml").write_text(PEOPLE, "utf-8")


def calls(month: str = MONTH, customers: int = 120, failed: float = 0.1, abandoned: float = 0.05) -> Iterator[Row]:
    """A query and a call of each customer, on days of the month; the first so many fail, the last so many give up."""
    for number in range(customers):
        day = f"{month}-{number % 27 + 1:02d}"
        result = "failed" if number < round(failed * customers) else "completed"
        gives_up = number >= customers - round(abandoned * customers)
        same = {"customer_id": f"c{number}", "topic_code": "bill"}
        yield {
            **same, "contact_id": f"{month}-q{number}", "started_at": f"{day} 09:00:00+08:00", "outcome": "self_served",
            "ivr_node_code": "balance", "ivr_kind_code": "query", "ivr_result_code": result,
        }  # fmt: skip
        yield {
            **same, "contact_id": f"{month}-a{number}", "started_at": f"{day} 15:00:00+08:00",
            "outcome": "hung_up" if gives_up else "answered", "queue_seconds": 20 + number % 5,
            "is_answered": "false" if gives_up else "true", "is_abandoned": "true" if gives_up else "false",
        }  # fmt: skip


def put_month(bench: Workbench, rows: Iterable[Row], points: int = 2) -> None:
    """The contacts, and a debit of each failed query."""
    found = list(rows)
    put(bench, "contact", found)
    put_table(
        bench,
        "mart_damage_ledger",
        [
            {
                "customer_id": row["customer_id"], "posted_on": row["started_at"][:10], "posted_at": row["started_at"],
                "entry_kind_code": "debit", "indicator_id": "IVR-01", "rule_version": "1990-01-01",
                "subject_kind_code": "contact", "subject_id": row["contact_id"], "points": str(points),
            }
            for row in found
            if row.get("ivr_result_code") == "failed"
        ],
    )  # fmt: skip
