"""The warning's operators: small counts in the run history, files where the operator says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.mend.grumbles.warning.tables import grumble, put

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend_airflow.business_date import Period, whole_month
from mend_airflow.operators import ComplaintModelOperator, ComplaintWarningOperator, GrumbleIndexOperator

PHONE = "+8613812345678"


def test_each_operator_calls_its_step_and_records_its_counts(home: Home) -> None:
    with Workbench.open(home) as bench:
        put(bench, "mart_grumble", [grumble("G", "A", "2026-05-19 10:00")])
        put(bench, "core_customer", [{"customer_id": "A", "month_on": "2026-05-01", "phone_number": PHONE}])
    days = Period(dt.date(2026, 5, 19), dt.date(2026, 5, 20))
    warned = ComplaintWarningOperator(task_id="warn", unmasked=True).run(home, days)
    assert (warned["nights"], warned["open_grumbles"], warned["listed"], warned["new"], warned["published"]) == (
        2,
        2,
        2,
        1,
        1,
    )
    assert PHONE in (Path(str(warned["folder"])) / "service.csv").read_text("utf-8")
    trained = ComplaintModelOperator(task_id="train").run(home, whole_month("2026-05"))
    assert (trained["versions"], len(trained["not_trained"])) == ([], 2)
    index = GrumbleIndexOperator(task_id="index").run(home, whole_month("2026-05"))
    assert (index["grumble_only"], index["matched"]) == (1, 0)
    assert [(step["step_code"], step["state_code"]) for step in operations.steps(home.database_url)] == [
        ("index", "done"), ("train", "done"), ("warn", "done"),
    ]  # fmt: skip
    assert PHONE not in str(operations.steps(home.database_url))
