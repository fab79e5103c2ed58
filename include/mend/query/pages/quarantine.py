"""Why rows are in quarantine, month by month: published every night, for the month is not over when they arrive. With
the words of the quality rules, which only the rooms of the lake can say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.periods import days_of, month_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS
from mend.intake.quality import suite
from mend.query.pages.documents import put_document
from mend.query.pages.month_contents import Rows
from mend.query.pages.reading import ROOM

PAGE: Final = "quarantine"


def publish_quarantine(home: Home, bench: Workbench, days: Sequence[dt.date]) -> int:
    """Publish the reasons of these days' months; gives how many months changed."""
    changed, words = 0, rule_words()
    for month in sorted({month_of(day) for day in days}):
        found = _reasons(bench, month)
        with operations.transaction(home.database_url) as connection:
            connection.execute(statement(ROOM, "one_at_a_time"))
            changed += put_document(connection, PAGE, month, {"rows": found, "rules": words})
    return changed


def _reasons(bench: Workbench, month: str) -> Rows:
    with open_step(bench, f"page of quarantine {month}") as step:
        step.view("core_quarantine", "quarantine", days=days_of(month))
        found: Rows = step.arrow(read_model(ROOM, "quarantine_count")).to_pylist()
    keys = ("source_code", "record_code", "gate_code", "column_name", "reason_code")
    return sorted(found, key=lambda each: (-each["row_count"], *(each[key] or "" for key in keys)))


def rule_words() -> dict[str, dict[str, str]]:
    """`<record>.<rule>` of each quality rule: what must hold in both languages, and what to do."""
    return {
        f"{record}.{rule.id}": {"en": rule.en, "zh": rule.zh, "runbook": rule.runbook, "runbook_zh": rule.runbook_zh}
        for record in RECORDS
        for rule in suite(record).rules
    }
