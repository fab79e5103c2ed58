"""The warning's steps: small counts in the run history, files where the step says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.mend.grumbles.warning.tables import grumble, put

from mend.chain import run_step, step
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.periods import Period, whole_month
from mend.foundation.pipeline.workbench import Workbench

PHONE = "+8613812345678"


def test_each_step_records_its_counts(home: Home) -> None:
    with Workbench.open(home) as bench:
        put(bench, "mart_grumble", [grumble("G", "A", "2026-05-19 10:00")])
        put(bench, "core_customer", [{"customer_id": "A", "month_on": "2026-05-01", "phone_number": PHONE}])
    days = Period(dt.date(2026, 5, 19), dt.date(2026, 5, 20))
    warned = run_step(step("warnings"), home, days, {"unmasked": True})
    assert (warned["nights"], warned["open_grumbles"], warned["listed"], warned["new"], warned["published"]) == (
        2,
        2,
        2,
        1,
        1,
    )
    assert PHONE in (Path(str(warned["folder"])) / "service.csv").read_text("utf-8")
    trained = run_step(step("complaint_model"), home, whole_month("2026-05"), {})
    assert (trained["versions"], len(trained["not_trained"])) == ([], 2)
    index = run_step(step("grumble_index"), home, whole_month("2026-05"), {})
    assert (index["grumble_only"], index["matched"]) == (1, 0)
    assert [(each["step_code"], each["state_code"]) for each in operations.steps(home.database_url)] == [
        ("grumble_index", "done"), ("complaint_model", "done"), ("warnings", "done"),
    ]  # fmt: skip
    assert PHONE not in str(operations.steps(home.database_url))
