"""Publishing: files, routing table, actions and messages, once and whole."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.mend.care.survey.desk import rows, run
from tests.mend.repair.publishing.written import AT, LIST, approved, known, number, open_account, row, write

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import publish, routing_of, routing_of_number
from mend.repair.publishing.errors import ListStateError, MessageError, NotAllowedError, PublishError

DAY = dt.timedelta(days=1)
ROWS = [
    row("priority_access", "A"),
    row("phone_callback", "B", city="suzhou"),
    row("dropped_call_care", "C"),
    row("complaint_handling", "A"),
]


@pytest.fixture
def ready(home: Home, bench: Workbench) -> Home:
    """An approved list of four rows, its customers known."""
    open_account(home)
    known(home, "A", "B", "C")
    write(bench, ROWS)
    approved(home, bench)
    return home


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_published_list_is_files_labels_actions_and_messages(ready: Home, bench: Workbench) -> None:
    report = publish(ready, bench, LIST, "admin", AT, "a test")
    assert (report.is_new, report.rows, report.queued, report.withheld) == (True, 4, 1, {})
    print(sorted(report.files))
