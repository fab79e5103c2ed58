"""The extract step says how many rows were rejected, and why."""

from __future__ import annotations

import datetime as dt

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators import ExtractOperator

SOURCE = """
source: centre
en: Test centre
zh: 测试中心
zone: Asia/Shanghai
records:
  contact:
    path: '{business_date}.csv'
    expand: {count: calls}
    columns:
      contact_id: {from: [line, server, '#'], separator: '-'}
      customer_id: caller
      started_at: {from: day, formats: '%Y-%m-%d'}
      outcome: {constant: hung_up}
"""
ROWS = """line,server,caller,day,calls
A,S1,700,2026-05-01,2
A,,700,2026-05-01,1
B,,,2026-05-01,1
B,S2,,2026-05-01,0
C,S3,,2026-05-01,1
"""


def test_rows_that_are_lost_stand_in_the_step_s_counts_with_the_part_that_they_lack(home: Home) -> None:
    (home.root / "sources").mkdir(exist_ok=True)
    (home.root / "sources" / "centre.yaml").write_text(SOURCE, "utf-8")
    home.inbox.mkdir(exist_ok=True)
    (home.inbox / "2026-05-01.csv").write_text(ROWS, "utf-8")
    step = ExtractOperator(task_id="extract", source="centre")
    day = dt.date(2026, 5, 1)
    counts = step.run(home, Period(day, day))
    assert counts == {
        "files": 1,
        "known": 0,
        "accepted": 3,
        "rejected": 2,
        "outside": 0,
        "repaired": 0,
        "expanded": 1,
        "folded": 1,
        "unattributed": 1,
        "source": "centre",
        "contact": 3,
        "rejected_for": ["contact.contact_id: empty_part (server): 2"],
        "warnings": [],
    }
