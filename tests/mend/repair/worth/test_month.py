"""A closed month's worth, from the ledger to the table."""

from __future__ import annotations

import pytest
from tests.mend.care.survey.test_report import lake
from tests.mend.damage.closing.tables import put_table
from tests.mend.damage.scoring.rows import put

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.worth import WorthError, said, value_month

MONTH = "2026-05"


def entry(number: int, kind: str, indicator: str, hour: int, points: int) -> dict[str, str]:
    return {
        "customer_id": f"K{number}", "posted_on": "2026-05-04", "posted_at": f"2026-05-04 {hour}:00:00+08:00",
        "entry_kind_code": kind, "indicator_id": indicator, "rule_version": "1990-01-01",
        "subject_kind_code": "ticket", "subject_id": f"T{number}", "points": str(points),
    }  # fmt: skip


def ledger(bench: Workbench) -> None:
    """A thousand damaged on 4 May: two hundred are solved the same day."""
    damaged = [entry(number, "debit", "RES-02", 10, 4) for number in range(1, 1001)]
    solved = [entry(number, "credit", "REP-05", 15, -4) for number in range(1, 201)]
    put_table(bench, "mart_damage_ledger", damaged + solved)


def close(bench: Workbench) -> None:
    lake(bench, "mart_closed_month", f"select '{MONTH}' as month; 'x' as inputs_digest from range(1) as r(n)")


def test_a_month_gives_four_rows_in_ranges_and_the_same_when_run_again(home: Home, bench: Workbench) -> None:
    close(bench)
    ledger(bench)
    customers = [
        {"customer_id": f"K{n}", "month_on": "2026-05-01", "arpu_amount": "50", "status_code": "active"}
        for n in range(1, 1001)
    ]
    put(bench, "customer", customers)
    found = []
    for _ in range(2):
        report = value_month(home, bench, MONTH)
        bench.view("mart_repair_worth_month")
        found.append(bench.sql("select * from mart_repair_worth_month order by speed_code"))
    assert (report.problems, report.customers, report.at_once, report.later) == (1000, 1000, 200, 0)
    assert found[0] == found[1]
    rows = bench.sql(
        "select speed_code, customer_count, round(kept_low), round(kept_high), round(value_low), lost_cost_low "
        "from mart_repair_worth_month order by speed_code"
    )
    assert rows == [
        ("all", 1000, 236, 316, 141_600, None),
        ("at_once", 200, 164, 164, 98_400, None),
        ("later", 0, 0, 0, 0, None),
        ("unsolved", 800, 72, 152, 43_200, None),
    ]
    assert said(bench, MONTH, "en")[0].startswith(
        "solved at once: 200 problems of 200 customers, 20.0% of the 1,000 damaged (17.6% to 22.6%); expected to stay "
        "164 (82% by published figures), to leave 36; 1,000 people told"
    )
    assert said(bench, MONTH, "zh")[3].startswith("合计：问题1,000个，客户1,000人；预计留存236至316人")


def test_a_month_that_is_not_closed_says_what_to_do(home: Home, bench: Workbench) -> None:
    with pytest.raises(WorthError, match="2026-05 is not closed: close it first"):
        value_month(home, bench, MONTH)
