"""The first list: ranked, in words, masked, and a published version never changes."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.mend.damage.scoring.rows import put

from mend.damage.closing import close_month
from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import ListError, damage_list

DAY = dt.date(2026, 5, 10)
PHONE = "+8613812345678"


def _contact(customer: str, hour: int, **columns: Any) -> dict[str, Any]:
    when = f"2026-05-10 {hour:02}:00:00+08:00"
    return {
        "contact_id": f"{customer}{hour}",
        "customer_id": customer,
        "started_at": when,
        "outcome": "answered",
        **columns,
    }


@pytest.fixture
def closed(home: Home, bench: Workbench) -> Home:
    """A closed May: B hurt more than A in Suzhou, C somewhere unknown, D not at all."""
    customers = [
        {"customer_id": name, "month_on": "2026-05-01", "city_code": "suzhou", "phone_number": PHONE} for name in "ABD"
    ]
    put(bench, "customer", customers)
    hurts = [
        _contact("A", 9, is_wrong_answer=1),
        _contact("B", 9, is_wrong_answer=1),
        _contact("B", 12, is_wrong_answer=1),
    ]
    put(
        bench,
        "contact",
        [*hurts, _contact("B", 15, invalid_key_count=3), _contact("C", 9, is_poor_attitude=1), _contact("D", 9)],
    )
    score(home, bench, [DAY], loaded=[DAY], provided=EVERYTHING)
    close_month(home, bench, "2026-05", provided=EVERYTHING)
    return home


def _rows(folder: str, city: str) -> list[dict[str, str]]:
    with (Path(folder) / f"{city}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_customers_stand_by_level_and_score_with_their_reasons(closed: Home, bench: Workbench) -> None:
    report = damage_list(closed, bench, "2026-05")
    assert (report.customers, report.cities, report.version) == (3, 2, 1)
    suzhou = _rows(report.folder, "suzhou")
    assert [(row["rank"], row["customer_id"]) for row in suzhou] == [("1", "B"), ("2", "A")]
    assert suzhou[0]["reasons_en"] == "wrong answer ×2 (10); invalid keys (1)"
    assert suzhou[0]["reasons_zh"] == "解答错误×2（10）；按键错误（1）"
    assert [row["customer_id"] for row in _rows(report.folder, "unknown")] == ["C"]


def test_phone_numbers_are_masked_unless_asked_otherwise(closed: Home, bench: Workbench) -> None:
    masked = damage_list(closed, bench, "2026-05")
    assert {row["phone_number"] for row in _rows(masked.folder, "suzhou")} == {"'+86138****5678"}
    whole = damage_list(closed, bench, "2026-05", unmasked=True)
    assert {row["phone_number"] for row in _rows(whole.folder, "suzhou")} == {f"'{PHONE}"}
    assert Path(whole.folder).stat().st_mode & 0o077 == 0


def test_the_same_content_is_published_once_and_other_content_beside_it(closed: Home, bench: Workbench) -> None:
    first = damage_list(closed, bench, "2026-05")
    text = (Path(first.folder) / "suzhou.csv").read_text("utf-8")
    again = damage_list(closed, bench, "2026-05")
    assert (again.version, again.is_new) == (1, False)
    put(bench, "contact", [_contact("A", 9, is_wrong_answer=1, is_poor_attitude=1)], arrived_on=DAY)
    score(closed, bench, [DAY], loaded=[DAY], provided=EVERYTHING)
    close_month(closed, bench, "2026-05", provided=EVERYTHING)
    other = damage_list(closed, bench, "2026-05")
    assert (other.version, other.is_new) == (2, True)
    assert (Path(first.folder) / "suzhou.csv").read_text("utf-8") == text


def test_a_month_that_is_not_closed_has_no_list(home: Home, bench: Workbench) -> None:
    with pytest.raises(ListError, match=r"2026-05 is not closed.*mend month 2026-05"):
        damage_list(home, bench, "2026-05")
