"""Text tables for the models of tickets, records and credits. Days are of May 2026."""

# ruff: noqa: E501 (a wide table is read as a table)

from __future__ import annotations

import datetime as dt
import re

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.schema import TABLES

ROOM = "damage/scoring"
MAY = {"first_day": dt.date(2026, 5, 1), "end_day": dt.date(2026, 6, 1)}
REACH = {"ticket_reach_days": 184, "rated_reach_days": 31, "since_day": dt.date(2026, 1, 1)}
NOBODY = "customer_id | other_id | first_on | last_on"
FILES = {
    "file_ticket_version": "core_ticket_version", "file_survey_reply": "core_survey_reply", "file_contact": "core_contact",
    "file_callback_booking": "core_callback_booking", "file_repair_action": "core_repair_action",
    "ledger_debit": "mart_damage_ledger", "ledger_credit": "mart_damage_ledger", "raw_ticket": "raw_ticket",
}  # fmt: skip
FEATURE = (
    "customer_id::varchar | subject_kind_code::varchar | subject_id::varchar | debit_cause_id::varchar | credit_cause_id::varchar | "
    "incident_id::varchar | repaired_contact_id::varchar | repaired_ticket_id::varchar"
)  # fmt: skip

STATES = """
    ticket_id | customer_id | kind_code | opened_at | opened_on | version_at | closed_at | reopened_at | promised_at
    t1        | anna        | complaint | 10 09:00  | 10        | 10 09:00   |           |             | 14 09:00
    t1        | anna        | complaint | 10 09:00  | 10        | 12 08:00   | 12 08:00  |             |
    t1        | anna        | complaint | 10 09:00  | 10        | 30 07:00   |           | 30 07:00    |
"""
HITS = """
    rule_number | posted_at | record_id | customer_id | subject_kind_code | subject_id | debit_cause_id | credit_cause_id | incident_id::varchar | repaired_contact_id | repaired_ticket_id::varchar
    0           | 11 09:00  | s1        | anna        | contact           | k1         | s1             | s1              | k0                   | k1                  |
    0           | 12 09:00  | s2        | anna        | contact           | k1         | s2             | s2              | k0                   | k1                  |
    0           | 12 09:00  | s3        | anna        | reply             | s3         |                | s3              |                      |                     |
    1           | 12 09:00  | s2        | anna        | contact           | k1         | s2             | s2              | k0                   | k1                  |
    1           | 13 09:00  | s2        | anna        | contact           | k1         | s2             | s2              | k0                   | k1                  |
"""
RULES = """
    rule_number | indicator_id | rule_version | first_on   | end_on     | points | is_credit | repairs::varchar[]
    0           | RES-08       | 1990-01-01   | 1990-01-01 | 2999-01-01 | 8      | false     | []
    1           | REP-08       | 1990-01-01   | 1990-01-01 | 2999-01-01 | 8      | true      | []
"""


def moments(text: str) -> str:
    """`10 09:00` and `10` in a table as a time and a day of May 2026 (nothing else in these tables looks like them)."""
    text = re.sub(r"\b(\d\d) (\d\d:\d\d)\b", r"2026-05-\1 \2:00+08:00", text)
    return re.sub(r"(?<=[|\s])(\d\d)(?=\s*(\||\n|$))", r"2026-05-\1", text)


def run(
    model: str, inputs: dict[str, str], expected: str, /, fills: dict[str, str] | None = None, **values: object
) -> None:
    """Check a model; inputs named as files of the lake have its columns, those that are not given are empty."""
    given = {name: _whole(name, moments(text)) for name, text in inputs.items()}
    check(read_model(ROOM, model), given, moments(expected), {**MAY, **REACH, **values}, fills)


def _whole(name: str, text: str) -> str:
    table = TABLES.get(FILES.get(name, ""))
    if table is None:
        return text
    head, *rows = text.strip().splitlines()
    columns = [column.strip() for column in head.split("|")]
    rest = [column for column in table.columns if column.name not in columns]
    types = {column.name: DUCKDB_TYPES[column.type] for column in table.columns}
    named = [
        *(f"{column}::{types[column]}" for column in columns),
        *(f"{each.name}::{types[each.name]}" for each in rest),
    ]
    return "\n".join([" | ".join(named), *(row + " | " * len(rest) for row in rows)])
