"""The month: score with carry-over, peak, end, exposure, segment, level and life-cycle stage, from a small ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.mend.damage.closing.tables import close, exposure, ledger, load, month_rows, row
from tests.mend.damage.scoring.rows import put

from mend.damage.closing import MonthError, ScoreMismatchError, close_month, month, month_to_date_view
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.model import parse_model, read_model
from mend.foundation.pipeline.workbench import Workbench

MAY, JUNE = "2026-05", "2026-06"


def test_a_month_carries_half_its_score_over_and_closes_in_order(home: Home, bench: Workbench) -> None:
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id
        A           | 05-10 10:00:00 | AGT-08       | 5      | a
        B           | 06-10 10:00:00 | AGT-08       | 5      | b
        """,
    )
    exposure(
        bench,
        """
        customer_id | last_contact_at | last_contact_id
        A           | 05-10 10:00:00  | a
        B           | 06-10 10:00:00  | b
        """,
    )
    with pytest.raises(MonthError, match=r"2026-06: 2026-05 is not closed.*mend month 2026-05"):
        close_month(home, bench, JUNE, provided=EVERYTHING)
    close(home, bench, MAY, JUNE)
    columns = "score, carry_over_points, damage_points, level, segment_code, contact_count"
    assert row(bench, "A", MAY, columns) == (5, 0, 5, 2, "agent", 1)
    assert row(bench, "A", JUNE, columns) == (Decimal("2.5"), Decimal("2.5"), 0, 1, "none", 0)
    assert row(bench, "B", JUNE, columns) == (5, 0, 5, 2, "agent", 1)


def test_the_day_of_posting_decides_the_month(home: Home, bench: Workbench) -> None:
    """A call of 31 May that nobody answered by 1 June."""
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id
        A           | 05-31 20:00:00 | CON-01       | 3      | a
        A           | 06-01 20:00:00 | CON-06       | 3      | a
        """,
    )
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nA | 05-31 20:00:00 | a")
    close(home, bench, MAY, JUNE)
    columns = "score, damage_points, contact_count, end_points"
    assert row(bench, "A", MAY, columns) == (3, 3, 1, 3)
    assert row(bench, "A", JUNE, columns) == (Decimal("4.5"), 3, 0, 3)


def test_a_carry_over_is_cut_to_thousandths_and_ends_under_a_hundredth(home: Home, bench: Workbench) -> None:
    ledger(
        bench,
        "customer_id | posted_at | indicator_id | points | subject_id\nA | 01-10 10:00:00 | AGT-08 | 5 | a\n"
        "B | 12-10 10:00:00 | AGT-08 | 5 | b",
    )
    close(home, bench, *(f"2026-{number:02}" for number in range(1, 13)))
    scores = [month_rows(bench, f"2026-{number:02}", "customer_id, score") for number in (1, 5, 6, 7, 9, 10, 11)]
    assert [found[0][1] if found else None for found in scores] == [
        5, Decimal("0.312"), Decimal("0.156"), Decimal("0.078"), Decimal("0.019"), None, None,
    ]  # fmt: skip


def test_peak_end_and_exposure(home: Home, bench: Workbench) -> None:
    """Two contacts of one incident, capped at 15; then a small one, then one without damage."""
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id | incident_id
        A           | 05-10 10:00:00 | AGT-08       | 5      | a1         |
        A           | 05-10 10:10:00 | AGT-07       | 5      | a2         | a1
        A           | 05-10 10:10:00 | IVR-11       | 3      | a2         | a1
        A           | 05-10 15:00:00 | IVR-04       | 1      | a3         |
        """,
    )
    exposure(
        bench,
        "customer_id | last_contact_at | last_contact_id | contact_count | incident_count\n"
        "A | 05-10 18:00:00 | a4 | 4 | 3",
    )
    close(home, bench, MAY)
    columns = "peak_points, peak_subject_id, end_points, contact_count, incident_count, segment_code, damage_points"
    assert row(bench, "A", MAY, columns) == (13, "a1", 0, 4, 3, "double", 14)


@pytest.mark.parametrize("rated", ["a1", "a2"])
def test_the_peak_of_an_incident_includes_a_rating_of_any_of_its_contacts(
    home: Home, bench: Workbench, rated: str
) -> None:
    incident = "" if rated == "a1" else "a1"
    ledger(
        bench,
        f"""
        customer_id | posted_at      | indicator_id | points | subject_id | incident_id | cause_id
        A           | 05-10 10:00:00 | AGT-08       | 5      | a1         |             |
        A           | 05-10 10:10:00 | AGT-07       | 5      | a2         | a1          |
        A           | 05-10 10:10:00 | AGT-05       | 2      | a2         | a1          |
        A           | 05-10 10:10:00 | AGT-04       | 2      | a2         | a1          |
        A           | 05-11 09:00:00 | RES-08       | 8      | {rated}    | {incident}  | s1
        A           | 05-12 09:00:00 | RES-02       | 4      | t1         |             |
        """,
    )
    close(home, bench, MAY)
    assert row(bench, "A", MAY, "peak_points, peak_subject_id, damage_points") == (22, "a1", 26)


def test_of_equal_experiences_the_doubly_damaged_is_the_peak_then_the_explicit_then_by_id(
    home: Home, bench: Workbench
) -> None:
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id | subject_kind_code
        A           | 05-10 10:00:00 | AGT-08       | 8      | a1         | contact
        A           | 05-11 10:00:00 | RES-06       | 8      | t1         | ticket
        A           | 05-12 10:00:00 | AGT-08       | 5      | z1         | contact
        A           | 05-12 10:00:00 | IVR-11       | 3      | z1         | contact
        B           | 05-10 10:00:00 | AGT-08       | 8      | b1         | contact
        B           | 05-11 10:00:00 | RES-06       | 8      | t2         | ticket
        C           | 05-10 10:00:00 | AGT-08       | 8      | c2         | contact
        C           | 05-12 10:00:00 | AGT-08       | 8      | c1         | contact
        """,
    )
    close(home, bench, MAY)
    assert month_rows(bench, MAY, "peak_subject_id") == [("z1",), ("t2",), ("c1",)]


def test_the_end_is_what_the_last_contact_would_have_cost_without_the_cap(home: Home, bench: Workbench) -> None:
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id | incident_id
        A           | 05-10 10:00:00 | AGT-08       | 5      | a1         |
        A           | 05-10 10:00:00 | AGT-07       | 5      | a1         |
        A           | 05-10 10:20:00 | AGT-08       | 5      | a2         | a1
        A           | 05-10 10:20:00 | AGT-07       | 5      | a2         | a1
        A           | 05-10 10:20:00 | AGT-08       | -5     | a2         | a1
        """,
    )
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nA | 05-10 10:20:00 | a2")
    close(home, bench, MAY)
    assert row(bench, "A", MAY, "end_points, damage_points, peak_points") == (10, 15, 15)


def test_the_latest_experience_may_be_a_ticket_s(home: Home, bench: Workbench) -> None:
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id | subject_kind_code
        A           | 05-10 10:00:00 | AGT-08       | 5      | a1         | contact
        A           | 05-10 11:00:00 | RES-02       | 4      | t          | ticket
        """,
    )
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nA | 05-10 10:00:00 | a1")
    close(home, bench, MAY)
    assert row(bench, "A", MAY, "end_points, damage_points") == (4, 9)


def test_a_rating_of_the_last_contact_is_the_latest_experience(home: Home, bench: Workbench) -> None:
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id | cause_id
        A           | 05-10 10:00:00 | AGT-08       | 5      | a1         |
        A           | 05-11 11:00:00 | RES-08       | 8      | a1         | s1
        """,
    )
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nA | 05-10 10:00:00 | a1")
    close(home, bench, MAY)
    assert row(bench, "A", MAY, "end_points, strftime(end_at, '%d %H')") == (8, "11 11")


@pytest.mark.parametrize(("points", "level"), [(4, 1), (5, 2), (14, 2), (15, 3), (29, 3), (30, 4)])
def test_levels_by_score(home: Home, bench: Workbench, points: int, level: int) -> None:
    ledger(
        bench,
        f"customer_id | posted_at | indicator_id | points | subject_id\nA | 05-10 10:00:00 | AGT-08 | {points} | a",
    )
    close(home, bench, MAY)
    assert row(bench, "A", MAY, "damage_points, level") == (points, level)


def test_somebody_with_contacts_and_no_damage_has_level_0(home: Home, bench: Workbench) -> None:
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nA | 05-10 10:00:00 | a")
    close(home, bench, MAY)
    assert row(bench, "A", MAY, "score, level, segment_code, peak_subject_id") == (0, 0, "none", None)


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
    snapshots(bench, joined, (2, 3, 4, 5), (50, 50, 50, arpu))
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nA | 05-10 10:00:00 | a")
    close(home, bench, MAY)
    assert row(bench, "A", MAY, "lifecycle_stage_code, city_code, is_last_known") == (stage, "suzhou", False)


def snapshots(bench: Workbench, joined: str, months: tuple[int, ...], money: tuple[object, ...], **words: Any) -> None:
    """Monthly snapshots of A, who lives in Suzhou."""
    usual = {"customer_id": "A", "joined_on": joined, "minutes_of_use": 100, "city_code": "suzhou"} | words
    put(
        bench,
        "customer",
        [
            usual | {"month_on": f"2026-{month:02}-01", "arpu_amount": amount}
            for month, amount in zip(months, money, strict=True)
        ],
    )


def test_who_is_absent_from_the_snapshot_keeps_the_last_known_city_and_stage(home: Home, bench: Workbench) -> None:
    snapshots(bench, "2020-01-01", (1, 2, 3, 4), (50, 50, 50, 30))
    exposure(
        bench,
        "customer_id | last_contact_at | last_contact_id\nA | 06-10 10:00:00 | a\nN | 06-10 10:00:00 | n\n",
    )
    close(home, bench, JUNE)
    columns = "customer_id, city_code, lifecycle_stage_code, is_last_known, has_left"
    assert month_rows(bench, JUNE, columns) == [
        ("A", "suzhou", "decline", True, False),
        ("N", None, None, False, False),
    ]


def test_month_to_date_is_the_month_as_it_is(home: Home, bench: Workbench) -> None:
    ledger(
        bench, "customer_id | posted_at | indicator_id | points | subject_id\nA | 05-10 10:00:00 | AGT-08 | 5 | a\n"
        "B | 06-10 10:00:00 | AGT-08 | 5 | b"
    )  # fmt: skip
    query = "select month, customer_id, score, is_closed from mart_damage_month order by all"
    a, b = (MAY, "A", 5), (JUNE, "B", 5)
    carried = (JUNE, "A", Decimal("2.5"), False)
    assert month_to_date_view(home, bench) == [MAY, JUNE]
    assert bench.sql(query) == [(*a, False), carried, (*b, False)]
    assert month_to_date_view(home, bench, "A") == [MAY, JUNE]
    assert bench.sql(query) == [(*a, False), carried]
    close(home, bench, MAY)
    assert month_to_date_view(home, bench) == [JUNE]
    assert bench.sql(query) == [(*a, True), carried, (*b, False)]
    close(home, bench, JUNE)
    assert month_to_date_view(home, bench) == []
    assert bench.sql(query) == [(*a, True), (*carried[:3], True), (*b, True)]


def test_a_score_that_is_not_its_ledger_is_found(home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger(bench, "customer_id | posted_at | indicator_id | points | subject_id\nA | 05-10 10:00:00 | AGT-08 | 5 | a")
    wrong = read_model("damage/closing", "damage_month").select.replace("scored.*", "scored.* replace (9 as score)")
    spoiled = parse_model(wrong, "damage/closing", "damage_month")
    monkeypatch.setattr(month, "MODELS", (*month.MODELS[:-1], spoiled))
    with pytest.raises(ScoreMismatchError, match=r"2026-05: rule score_is_carry_over_plus_ledger: 1 of 1 scores"):
        close_month(home, bench, MAY, provided=EVERYTHING)
    assert bench.lake.row_count("mart_damage_month") == 0


def test_entries_of_rules_that_nobody_has_any_more_are_an_error(home: Home, bench: Workbench) -> None:
    ledger(
        bench,
        "customer_id | posted_at | indicator_id | points | subject_id | rule_version\n"
        "A | 05-10 10:00:00 | AGT-08 | 5 | a | 2001-01-01",
    )
    with pytest.raises(Exception, match="AGT-08 of the rules of 2001-01-01, which no rule file has"):
        close(home, bench, MAY)


def test_what_could_not_be_measured_has_no_figures(home: Home, bench: Workbench) -> None:
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id
        A           | 05-10 10:00:00 | AGT-08       | 5      | a
        A           | 05-11 10:00:00 | AGT-08       | 5      | b
        B           | 05-11 10:00:00 | AGT-08       | 5      | c
        B           | 05-12 10:00:00 | AGT-08       | -2     | c
        B           | 05-12 10:00:00 | REP-04       | -1.5   | c
        """,
    )
    report = close_month(home, bench, MAY, provided={"contact": EVERYTHING["contact"]})
    assert "RES-02" in report.not_measured
    bench.view("mart_indicator_month")
    some = "where indicator_id in ('AGT-07', 'AGT-08', 'RES-02', 'REP-04') order by 1"
    seen = bench.sql(
        f"select indicator_id, is_measured, hit_count, customer_count, points from mart_indicator_month {some}"
    )
    assert seen == [
        ("AGT-07", True, 0, 0, 0),
        ("AGT-08", True, 3, 2, 15),
        ("REP-04", False, 1, 1, Decimal("-1.5")),
        ("RES-02", False, None, None, None),
    ]


def test_two_customers_whose_ids_the_engine_hashes_alike_stay_two(home: Home, bench: Workbench) -> None:
    one, two = "C00361869-000130", "C00368479-000480"
    assert bench.sql("select hash($one) = hash($two)", {"one": one, "two": two}) == [(True,)]
    ledger(
        bench,
        f"customer_id | posted_at | indicator_id | points | subject_id\n{one} | 05-10 10:00:00 | AGT-08 | 5 | {two}\n"
        f"{two} | 05-10 10:00:00 | IVR-11 | 3 | {one}",
    )
    exposure(
        bench,
        f"customer_id | last_contact_at | last_contact_id\n{one} | 05-10 10:00:00 | {two}\n"
        f"{two} | 05-10 10:00:00 | {one}",
    )
    close(home, bench, MAY)
    columns = "customer_id, score, peak_subject_id, end_points, contact_count, segment_code"
    assert month_rows(bench, MAY, columns) == [(one, 5, two, 5, 1, "agent"), (two, 3, one, 3, 1, "ivr")]


def test_any_number_of_shares_gives_the_rows_of_one(home: Home, bench: Workbench) -> None:
    load(home, MAY)
    lines = [
        f"c{n} | 05-{n % 28 + 1:02} 10:00:00 | {'AGT-08' if n % 3 else 'IVR-11'} | {n % 7 + 1} | k{n}"
        for n in range(60)
    ]
    ledger(bench, "customer_id | posted_at | indicator_id | points | subject_id\n" + "\n".join(lines))
    days = [f"c{n} | 05-{n % 28 + 1:02} 10:00:00 | k{n}" for n in range(0, 90, 2)]
    exposure(bench, "customer_id | last_contact_at | last_contact_id\n" + "\n".join(days))
    put(bench, "customer", [{"customer_id": f"c{n}", "month_on": "2026-05-01", "city_code": "wuxi"} for n in range(40)])
    aliases = [{"old_customer_id": f"c{n}", "new_customer_id": f"c{n + 1}", "merged_on": "2026-05-02"} for n in (3, 7)]
    put(bench, "customer_alias", aliases)
    found = []
    for shares in (1, 2, 7):
        report = close_month(home, bench, MAY, provided=EVERYTHING, shares=shares)
        bench.view("mart_indicator_month")
        figures = bench.sql("select * from mart_indicator_month order by indicator_id")
        found.append((report, month_rows(bench, MAY, "*"), figures))
    assert found[0][0].customers == 75 - 2
    assert found[1] == found[0]
    assert found[2] == found[0]
