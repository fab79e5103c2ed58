"""What channels send back is a source like any other: read, checked, and found again in a list's outcomes."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.mend.repair.outcomes.test_following import GATE, JANUARY, LIST, put_version

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.core.step import load_and_reconcile
from mend.intake.extract import extract, load_source
from mend.intake.quality.step import judge
from mend.repair.outcomes import follow

DAY = dt.date(2026, 2, 5)
HEADER = "list_id,customer_id,strategy_code,action_code,done_on,result,cost\n"


@pytest.fixture
def listed(home: Home, bench: Workbench) -> Home:
    """A, B and C are on January's list for a call."""
    names = "ABC"
    gate = [GATE | {"customer_id": name, "place": str(place)} for place, name in enumerate(names)]
    put_version(bench, "mart_campaign_gate", [row | {"outcome_code": "listed", "arm_code": "offered"} for row in gate])
    put_version(
        bench,
        "mart_campaign_list",
        [LIST | {"customer_id": name, "rank": str(place)} for place, name in enumerate(names)],
    )
    return home


def send(home: Home, bench: Workbench, text: str, name: str, day: dt.date = DAY) -> dict[str, int]:
    """A channel's file arrives and goes through a night's steps."""
    path = home.inbox / "campaign_channel" / str(day) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + text, "utf-8")
    report = extract(home, bench, load_source(home, "campaign_channel"), [day])
    judge(home, bench, [day])
    load_and_reconcile(home, bench, [day])
    return report.counts()["repair_action"]


def done(bench: Workbench) -> list[tuple[object, ...]]:
    bench.view("mart_campaign_outcome")
    return bench.sql("select customer_id, is_done, done_on, result_code from mart_campaign_outcome order by 1")


def test_reports_of_channels_are_read_and_found_again(listed: Home, bench: Workbench) -> None:
    text = """2026-01-v1,A,phone_callback,follow_up_call,2026-02-04,resolved,8
2026-01-v1,B,phone_callback,follow_up_call,2026/02/04,未接通,8
"""
    assert send(listed, bench, text, "suzhou-call.csv")["accepted"] == 2
    follow(listed, bench, JANUARY, 1)
    assert done(bench) == [
        ("A", True, dt.date(2026, 2, 4), "resolved"),
        ("B", False, dt.date(2026, 2, 4), "unreached"),
        ("C", False, None, "unknown"),
    ]


def test_a_later_report_takes_the_place_of_the_earlier(listed: Home, bench: Workbench) -> None:
    send(listed, bench, "2026-01-v1,B,phone_callback,follow_up_call,2026-02-04,unreached,8\n", "call.csv")
    later = DAY + dt.timedelta(days=2)
    send(listed, bench, "2026-01-v1,B,phone_callback,follow_up_call,2026-02-06,已解决,8\n", "call.csv", later)
    follow(listed, bench, JANUARY, 1)
    assert done(bench)[1] == ("B", True, dt.date(2026, 2, 6), "resolved")


def test_a_result_that_nobody_knows_and_a_row_without_a_list_are_rejected_by_line_and_column(
    listed: Home, bench: Workbench
) -> None:
    text = """2026-01-v1,A,phone_callback,follow_up_call,2026-02-04,perhaps,8
,B,phone_callback,follow_up_call,2026-02-04,resolved,8
2026-01-v1,C,phone_callback,follow_up_call,2026-02-04,resolved,
"""
    counts = send(listed, bench, text, "call.csv")
    assert (counts["accepted"], counts["rejected"]) == (1, 2)
    bench.view("core_quarantine")
    rejected = bench.sql("select line_number, column_name from core_quarantine order by 1")
    assert rejected == [(2, "outcome_code"), (3, "repair_id")]
