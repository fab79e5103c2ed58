"""The month: score with carry-over, peak, end, exposure, segment, level and life-cycle stage, from a small ledger."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.mend.damage.scoring.rows import Row, put

from mend.damage.scoring import MonthError, ScoreMismatchError, close_month, explain, month, month_to_date_view, score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

MAY_10, JUNE_10 = dt.date(2026, 5, 10), dt.date(2026, 6, 10)


def contact(name: str, customer: str, when: str, **columns: Any) -> Row:
    """A contact at a time of the business zone."""
    return {
        "contact_id": name,
        "customer_id": customer,
        "started_at": f"{when}+08:00",
        "outcome": "answered",
        **columns,
    }


def scored(home: Home, bench: Workbench, *rows: Row) -> None:
    """Put contacts and score their days in one run."""
    put(bench, "contact", rows)
    days = sorted(bench.lake.days("core_contact", "started_on"))
    score(home, bench, days, loaded=days, provided=EVERYTHING)


def row(bench: Workbench, customer: str, name: str, columns: str) -> tuple[Any, ...]:
    """A customer's row of a month."""
    bench.view("mart_damage_month")
    values = {"customer": customer, "month": name}
    return bench.sql(
        f"select {columns} from mart_damage_month where customer_id = $customer and month = $month", values
    )[0]


def test_a_month_carries_half_its_score_over_and_closes_in_order(home: Home, bench: Workbench) -> None:
    hurt = {"is_wrong_answer": 1, "is_answered": 1}
    scored(
        home, bench, contact("a", "A", "2026-05-10 10:00:00", **hurt), contact("b", "B", "2026-06-10 10:00:00", **hurt)
    )
    with pytest.raises(MonthError, match=r"2026-06: 2026-05 is not closed.*mend month 2026-05"):
        close_month(home, bench, "2026-06", provided=EVERYTHING)
    close_month(home, bench, "2026-05", provided=EVERYTHING)
    close_month(home, bench, "2026-06", provided=EVERYTHING)
    columns = "score, carry_over_points, damage_points, level, segment_code, contact_count"
    assert row(bench, "A", "2026-05", columns) == (Decimal("5.00"), Decimal("0.00"), 5, 2, "agent", 1)
    assert row(bench, "A", "2026-06", columns) == (Decimal("2.50"), Decimal("2.50"), 0, 1, "none", 0)
    assert row(bench, "B", "2026-06", columns) == (Decimal("5.00"), Decimal("0.00"), 5, 2, "agent", 1)


def test_peak_end_and_exposure(home: Home, bench: Workbench) -> None:
    scored(
        home,
        bench,
        contact("a1", "A", "2026-05-10 10:00:00", is_wrong_answer=1),
        contact("a2", "A", "2026-05-10 10:10:00", is_poor_attitude=1, is_system_fault=1),
        contact("a3", "A", "2026-05-10 15:00:00", invalid_key_count=3),
        contact("a4", "A", "2026-05-10 18:00:00"),
    )
    close_month(home, bench, "2026-05", provided=EVERYTHING)
    columns = "peak_points, peak_subject_id, end_points, contact_count, incident_count, segment_code, damage_points"
    assert row(bench, "A", "2026-05", columns) == (13, "a1", 0, 4, 3, "double", 14)


def test_the_latest_experience_may_be_a_ticket_s(home: Home, bench: Workbench) -> None:
    put(
        bench,
        "ticket",
        [{"ticket_id": "t", "customer_id": "A", "opened_at": "2026-05-08 11:00:00+08:00", "kind_code": "enquiry"}],
    )
    scored(home, bench, contact("a1", "A", "2026-05-10 10:00:00", is_wrong_answer=1))
    close_month(home, bench, "2026-05", provided=EVERYTHING)
    assert row(bench, "A", "2026-05", "end_points, damage_points") == (4, 9)  # RES-02 at 11:00, an hour after the call


@pytest.mark.parametrize(
    ("points", "level"), [(0, 0), (4, 1), (5, 2), (14, 2), (15, 3), (29, 3), (30, 4)], ids=lambda value: str(value)
)
def test_levels_by_score(home: Home, bench: Workbench, points: int, level: int) -> None:
    dear, cheap = divmod(points, 5)
    hurts = [contact(f"d{n}", "A", f"2026-05-10 {n:02}:00:00", is_wrong_answer=1) for n in range(dear)]
    hurts += [contact(f"c{n}", "A", f"2026-05-10 {12 + n}:00:00", invalid_key_count=3) for n in range(cheap)]
    scored(home, bench, *hurts, contact("z", "A", "2026-05-10 23:00:00"))
    close_month(home, bench, "2026-05", provided=EVERYTHING)
    assert row(bench, "A", "2026-05", "damage_points, level") == (points, level)


@pytest.mark.parametrize(("columns", "level"), [({}, 3), ({"is_escalated": 1}, 4)], ids=["explicit", "escalated"])
def test_explicit_damage_and_escalation_have_a_least_level(
    home: Home, bench: Workbench, columns: Row, level: int
) -> None:
    opened = [("t1", "2026-05-09 10:00:00"), ("t2", "2026-05-10 10:00:00")]
    tickets = [
        {"ticket_id": name, "customer_id": "A", "opened_at": f"{at}+08:00", "closed_at": f"{at}+08:00"}
        for name, at in opened
    ]
    put(bench, "ticket", [{**ticket, "kind_code": "complaint", "topic_code": "bill", **columns} for ticket in tickets])
    scored(home, bench, contact("z", "B", "2026-05-10 23:00:00"), contact("y", "B", "2026-05-09 23:00:00"))
    close_month(home, bench, "2026-05", provided=EVERYTHING)
    assert row(bench, "A", "2026-05", "level, is_explicit") == (level, True)


@pytest.mark.parametrize(
    ("joined", "arpu", "stage"),
    [
        ("2026-03-01", 50, "exploration"),
        ("2026-02-28", 50, "formation"),
        ("2025-06-01", 50, "formation"),
        ("2025-05-31", 50, "stable"),
        ("2020-01-01", 35, "decline"),
        ("2020-01-01", "35.01", "stable"),
    ],
)
def test_life_cycle_stages(home: Home, bench: Workbench, joined: str, arpu: object, stage: str) -> None:
    months = [f"2026-{number:02}-01" for number in (2, 3, 4, 5)]
    money = [50, 50, 50, arpu]
    put(
        bench,
        "customer",
        [
            {"customer_id": "A", "month_on": on, "joined_on": joined, "arpu_amount": amount, "minutes_of_use": 100}
            for on, amount in zip(months, money, strict=True)
        ],
    )
    scored(home, bench, contact("a", "A", "2026-05-10 10:00:00"))
    close_month(home, bench, "2026-05", provided=EVERYTHING)
    assert row(bench, "A", "2026-05", "lifecycle_stage_code") == (stage,)


def test_month_to_date_is_the_month_as_it_stands(home: Home, bench: Workbench) -> None:
    scored(home, bench, contact("a", "A", "2026-05-10 10:00:00", is_wrong_answer=1))
    assert month_to_date_view(home, bench) == ["2026-05"]
    assert bench.sql("select score, is_closed from mart_damage_month") == [(Decimal("5.00"), False)]
    close_month(home, bench, "2026-05", provided=EVERYTHING)
    assert month_to_date_view(home, bench) == []
    assert bench.sql("select score, is_closed from mart_damage_month") == [(Decimal("5.00"), True)]


def test_a_score_that_is_not_its_ledger_is_found(home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    scored(home, bench, contact("a", "A", "2026-05-10 10:00:00", is_wrong_answer=1))
    compute = month._compute

    def spoil(*arguments: Any, **words: Any) -> None:
        compute(*arguments, **words)
        bench.execute("update damage_month set score = score + 1")

    monkeypatch.setattr(month, "_compute", spoil)
    with pytest.raises(ScoreMismatchError, match=r"2026-05: rule score_is_carry_over_plus_ledger: 1 of 1 scores"):
        close_month(home, bench, "2026-05", provided=EVERYTHING)
    assert bench.lake.row_count("mart_damage_month") == 0


def test_what_could_not_be_measured_has_no_figures(home: Home, bench: Workbench) -> None:
    scored(home, bench, contact("a", "A", "2026-05-10 10:00:00", is_wrong_answer=1))
    report = close_month(home, bench, "2026-05", provided={"contact": EVERYTHING["contact"]})
    assert "RES-02" in report.not_measured
    bench.view("mart_indicator_month")
    three = "where indicator_id in ('AGT-07', 'AGT-08', 'RES-02') order by 1"
    seen = bench.sql(f"select indicator_id, is_measured, hit_count from mart_indicator_month {three}")
    assert seen == [("AGT-07", True, 0), ("AGT-08", True, 1), ("RES-02", False, None)]


def test_every_point_is_explained_in_both_languages(home: Home, bench: Workbench) -> None:
    scored(home, bench, contact("a", "A", "2026-05-10 10:00:00", is_wrong_answer=1, invalid_key_count=3))
    told = explain(home, bench, "A", "2026-05")
    assert sum(entry.points for entry in told.entries) == told.score == 6
    assert "wrong answer (contact a)" in told.text()
    assert "解答错误（接触 a）" in explain(home, bench, "A", "2026-05", "zh").text()


def test_a_customer_without_anything_is_told_so(home: Home, bench: Workbench) -> None:
    scored(home, bench, contact("a", "A", "2026-05-10 10:00:00"))
    assert "no contact" in explain(home, bench, "nobody", "2026-05").text()
    with pytest.raises(MonthError, match="2026-09"):
        explain(home, bench, "A", "2026-09")
