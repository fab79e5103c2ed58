"""The grumbles step as Airflow runs it: counts, never a text."""

from __future__ import annotations

import datetime as dt

from tests.mend.damage.scoring.rows import put
from tests.mend.grumbles.records.test_records import DAY, contact

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend_airflow.business_date import Period
from mend_airflow.operators import GrumbleOperator


def test_the_step_records_the_days_of_its_run_and_gives_counts(home: Home) -> None:
    with Workbench.open(home) as bench:
        put(bench, "contact", [contact("C1", mood_code="annoyed", note_text="家里信号弱"), contact("C2")])
    counts = GrumbleOperator(task_id="grumbles").run(home, Period(DAY, DAY))
    assert (counts["grumbles"], counts["by_text"], counts["open"], counts["complaints"]) == (1, 1, 1, 0)
    assert all(isinstance(value, int) for value in counts.values())
    nothing = GrumbleOperator(task_id="grumbles").run(
        home, Period(DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=1))
    )
    assert nothing["days"] == 0
