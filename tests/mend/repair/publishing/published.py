"""A small list published, and what of it can be seen in files and tables."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from tests.mend.care.survey.desk import rows
from tests.mend.repair.publishing.written import AT, LIST, row

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import publish

DAY = dt.timedelta(days=1)
ROWS = [
    row("priority_access", "A"),
    row("phone_callback", "B", city="suzhou"),
    row("dropped_call_care", "C"),
    row("complaint_handling", "A"),
]
PUBLISHED = ("routing_entry", "campaign_action", "campaign_strategy", "sms_outbox", "contact_reservation")


def out(home: Home, bench: Workbench, list_id: str = LIST, at: dt.datetime = AT) -> Any:
    return publish(home, bench, list_id, "admin", at, "a test")


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def counts(home: Home) -> dict[str, int]:
    return {table: rows(home, f"select count(*) from {table}")[0][0] for table in PUBLISHED}


def states(home: Home) -> list[tuple[Any, ...]]:
    return rows(home, "select customer_id, state_code, reason_code from campaign_action order by 1, 2")
