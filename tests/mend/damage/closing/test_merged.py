"""Customers who became one: from the month of the merge on their points count together; what was posted stays where it
was posted.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.mend.damage.closing.tables import close, exposure, indicators, ledger, row
from tests.mend.damage.scoring.rows import put

from mend.damage.closing import due, to_close
from mend.foundation.home import Home
from mend.foundation.operations import mark_core_loaded
from mend.foundation.pipeline.workbench import Workbench
from mend.query.explain import explain
from mend.repair.campaign import damage_list

COLUMNS = "score, carry_over_points, damage_points, contact_count, peak_points"
MAY, JUNE, JULY = "2026-05", "2026-06", "2026-07"


def merged(bench: Workbench, old: str, new: str, on: str, arrived: Any = None, **columns: Any) -> None:
    put(
        bench,
        "customer_alias",
        [{"old_customer_id": old, "new_customer_id": new, "merged_on": on, **columns}],
        arrived_on=arrived,
    )


def customers(bench: Workbench, name: str) -> list[str]:
    bench.view("mart_damage_month")
    return [
        each
        for (each,) in bench.sql(
            "select customer_id from mart_damage_month where month = $month order by 1", {"month": name}
        )
    ]


def three_months(bench: Workbench) -> None:
    """A is hurt in May and June, B in each month: five points a contact."""
    calls = [
        ("A", "05-10 10:00:00", "a5"), ("B", "05-10 12:00:00", "b5"), ("A", "06-10 10:00:00", "a6"),
        ("B", "06-10 12:00:00", "b6"), ("B", "07-10 10:00:00", "b7"),
    ]  # fmt: skip
    posted = [f"{customer} | {at} | AGT-08 | 5 | {name}" for customer, at, name in calls]
    ledger(bench, "\n".join(["customer_id | posted_at | indicator_id | points | subject_id", *posted]))
    called = [f"{customer} | {at} | {name}" for customer, at, name in calls]
    exposure(bench, "\n".join(["customer_id | last_contact_at | last_contact_id", *called]))
    indicators(bench)


def test_from_the_month_of_the_merge_on_the_survivor_has_the_points_and_carry_over_of_all_ids(
    home: Home, bench: Workbench
) -> None:
    three_months(bench)
    merged(bench, "A", "B", "2026-06-20")
    close(home, bench, MAY, JUNE, JULY)
    assert customers(bench, MAY) == ["A", "B"]
    assert (customers(bench, JUNE), customers(bench, JULY)) == (["B"], ["B"])
    assert row(bench, "B", JUNE, COLUMNS) == (Decimal("15.00"), Decimal("5.00"), 10, 2, 5)
    assert row(bench, "B", JULY, COLUMNS) == (Decimal("12.50"), Decimal("7.50"), 5, 1, 5)
    bench.view("mart_damage_ledger")
    assert bench.sql("select customer_id, count(*) from mart_damage_ledger group by 1 order by 1") == [
        ("A", 2),
        ("B", 3),
    ]


def test_a_chain_ends_with_its_last_id_from_each_step_s_month_on(home: Home, bench: Workbench) -> None:
    three_months(bench)
    merged(bench, "A", "B", "2026-06-01")
    merged(bench, "B", "C", "2026-07-01")
    close(home, bench, MAY, JUNE, JULY)
    assert [customers(bench, name) for name in (MAY, JUNE, JULY)] == [["A", "B"], ["B"], ["C"]]
    assert row(bench, "C", JULY, COLUMNS)[0] == Decimal("12.50")


def test_a_merge_that_comes_late_closes_its_months_again_and_so_does_its_cancelling(
    home: Home, bench: Workbench
) -> None:
    three_months(bench)
    mark_core_loaded(home.database_url, [*_days(MAY), *_days(JUNE), *_days(JULY)])
    close(home, bench, MAY, JUNE)
    assert to_close(home, bench, JULY) == [JULY]
    arrived = _days(JULY)[-1]
    merged(bench, "A", "B", "2026-06-20", arrived)
    assert due(home, bench, [arrived]) == [JUNE, JULY]
    assert to_close(home, bench, JULY) == [JUNE, JULY]
    close(home, bench, *to_close(home, bench, JULY))
    assert customers(bench, JUNE) == ["B"]
    assert to_close(home, bench, JULY) == [JULY]  # nothing is stale any more
    merged(bench, "A", "B", "2026-06-20", arrived, is_cancelled="true")
    close(home, bench, *to_close(home, bench, JULY))
    assert (customers(bench, JUNE), customers(bench, JULY)) == (["A", "B"], ["A", "B"])
    assert row(bench, "A", JULY, "carry_over_points") == (Decimal("3.75"),)


def test_closed_in_any_order_of_arrival_the_months_are_the_same(home: Home, bench: Workbench) -> None:
    def months() -> list[tuple[Any, ...]]:
        bench.view("mart_damage_month")
        return bench.sql("select * from mart_damage_month order by month, customer_id")

    three_months(bench)
    merged(bench, "A", "B", "2026-05-02")
    close(home, bench, MAY, JUNE, JULY)
    expected = months()
    merged(bench, "A", "B", "2026-05-02", is_cancelled="true")
    close(home, bench, MAY, JUNE, JULY)
    assert months() != expected
    merged(bench, "A", "B", "2026-05-02")
    close(home, bench, *to_close(home, bench, JULY))
    assert months() == expected


def test_an_id_that_became_two_customers_stays_its_own_and_is_reported(home: Home, bench: Workbench) -> None:
    three_months(bench)
    both = [{"old_customer_id": "A", "new_customer_id": new, "merged_on": "2026-05-02"} for new in "BC"]
    put(bench, "customer_alias", both)
    close(home, bench, MAY)
    assert customers(bench, MAY) == ["A", "B"]
    bench.view("mart_person_month")
    assert bench.sql("select * from mart_person_month") == [(MAY, "A", "A", "two_survivors")]


def test_the_list_and_the_explanation_speak_of_the_person(home: Home, bench: Workbench) -> None:
    people = [("A", "+8613800000001", "suzhou"), ("B", "+8613800000002", "wuxi")]
    put(bench, "customer", [{"customer_id": name, "month_on": "2026-06-01", "phone_number": phone, "city_code": city}
                            for name, phone, city in people])  # fmt: skip
    three_months(bench)
    merged(bench, "A", "B", "2026-06-20")
    close(home, bench, MAY, JUNE)
    report = damage_list(home, bench, JUNE)
    assert (report.customers, report.cities) == (1, 1)
    with (Path(report.folder) / "wuxi.csv").open(encoding="utf-8", newline="") as file:
        ((listed),) = csv.DictReader(file)
    assert (listed["customer_id"], listed["phone_number"], listed["reasons_en"]) == (
        "B",
        "'+86138****0002",
        "wrong answer ×2 (10)",
    )
    explained = explain(home, bench, "A", JUNE)
    assert explained.lines[0] == "Customer A goes by B since 2026-06-20."
    assert (explained.customer_id, explained.score, len(explained.entries)) == ("B", Decimal("15.00"), 2)
    assert "with what was posted on A" in explained.lines
    assert explain(home, bench, "A", MAY).score == Decimal("5.00")
    assert explain(home, bench, "A", JULY, "zh").lines[0] == "客户 A 自 2026-06-20 起并入客户 B。"  # an open month, too


def test_a_survivor_without_a_snapshot_of_their_own_has_the_place_and_stage_of_the_id_before(
    home: Home, bench: Workbench
) -> None:
    months = [f"2026-{number:02}-01" for number in (3, 4, 5, 6)]
    put(bench, "customer", [{"customer_id": "A", "month_on": on, "city_code": "suzhou", "joined_on": "2020-01-01",
    "arpu_amount": amount,
                             "minutes_of_use": 100} for on, amount in zip(months, (50, 50, 50, 30), strict=True)
                             ])  # fmt: skip
    three_months(bench)
    merged(bench, "A", "N", "2026-06-20")
    close(home, bench, MAY, JUNE)
    assert row(bench, "N", JUNE, "lifecycle_stage_code, score") == ("decline", Decimal("7.50"))
    assert [
        path.name for path in Path(damage_list(home, bench, JUNE).folder).iterdir() if path.name == "suzhou.csv"
    ] == ["suzhou.csv"]


def _days(name: str) -> list[Any]:
    from mend.foundation.periods import days_of

    return list(days_of(name))
