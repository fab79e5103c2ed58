"""The first list: ranked, in words, masked, and a published version never changes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.mend.damage.closing.tables import close, exposure, grumbles, indicators, ledger, load
from tests.mend.damage.scoring.rows import put

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.repair.campaign import ListError, damage_list

MAY = "2026-05"
PHONE = "+8613812345678"
ENTRIES = """
    customer_id | posted_at      | indicator_id | points | subject_id
    A           | 05-10 09:00:00 | AGT-08       | 5      | a9
    B           | 05-10 09:00:00 | AGT-08       | 5      | b9
    B           | 05-10 12:00:00 | AGT-08       | 5      | b12
    B           | 05-10 15:00:00 | IVR-04       | 1      | b15
    C           | 05-10 09:00:00 | AGT-07       | 5      | c9
"""


@pytest.fixture
def closed(home: Home, bench: Workbench) -> Home:
    """A closed May: B hurt more than A in Suzhou, C somewhere unknown, D not at all."""
    customers = [
        {"customer_id": name, "month_on": "2026-05-01", "city_code": "suzhou", "phone_number": PHONE} for name in "ABD"
    ]
    put(bench, "customer", customers)
    indicators(bench)
    ledger(bench, ENTRIES)
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nD | 05-10 09:00:00 | d9")
    close(home, bench, MAY)
    return home


def _rows(folder: str, city: str) -> list[dict[str, str]]:
    with (Path(folder) / f"{city}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_customers_are_ranked_by_level_and_score_with_their_reasons(closed: Home, bench: Workbench) -> None:
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
    ledger(bench, f"{ENTRIES}A | 05-10 09:00:00 | AGT-07 | 5 | a9")
    close(closed, bench, MAY)
    other = damage_list(closed, bench, "2026-05")
    assert (other.version, other.is_new) == (2, True)
    assert (Path(first.folder) / "suzhou.csv").read_text("utf-8") == text


def test_a_month_that_is_not_closed_has_no_list(home: Home, bench: Workbench) -> None:
    with pytest.raises(ListError, match=r"2026-05 is not closed.*mend month 2026-05"):
        damage_list(home, bench, "2026-05")


def test_who_left_is_off_the_list_and_their_ledger_stays(closed: Home, bench: Workbench) -> None:
    snapshot = {"month_on": "2026-05-01", "city_code": "suzhou", "phone_number": PHONE}
    put(bench, "customer", [{"customer_id": "A", **snapshot}, {"customer_id": "B", "status_code": "left", **snapshot}])
    close(closed, bench, MAY)
    report = damage_list(closed, bench, MAY)
    assert [row["customer_id"] for row in _rows(report.folder, "suzhou")] == ["A"]
    bench.view("mart_damage_month")
    found = bench.sql("select customer_id, score from mart_damage_month where has_left")
    assert found == [("B", 11)], "their points stay"


def test_who_left_before_and_is_in_no_snapshot_since_is_off_the_list(home: Home, bench: Workbench) -> None:
    usual = {"month_on": "2026-04-01", "city_code": "wuxi", "joined_on": "2020-01-01"}
    codes = (("A", "active"), ("B", "left"))
    put(bench, "customer", [{"customer_id": name, "status_code": code, **usual} for name, code in codes])
    ledger(bench, ENTRIES)
    close(home, bench, MAY)
    report = damage_list(home, bench, MAY)
    listed = _rows(report.folder, "wuxi")
    assert [(row["customer_id"], row["lifecycle_stage_code"], row["is_last_known"]) for row in listed] == [
        ("A", "stable", "true")
    ]
    assert {row["phone_number"] for row in listed} == {""}, "it may be somebody else's number by now"


def test_a_grumbler_without_points_is_listed_and_who_is_wholly_repaired_is_not(home: Home, bench: Workbench) -> None:
    grumbles(bench, "customer_id | grumbled_at | source_id\nG | 05-10 10:00:00 | g")
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id
        R           | 05-10 09:00:00 | AGT-08       | 5      | r
        R           | 05-11 09:00:00 | REP-01       | -5     | r
        """,
    )
    load(home, MAY)
    close(home, bench, MAY)
    (listed,) = _rows(damage_list(home, bench, MAY).folder, "unknown")
    assert (listed["customer_id"], listed["level"], listed["explicit_grade"]) == ("G", "1", "1")
    assert listed["reasons_en"] == "grumble, complaint or poor rating"


def test_of_one_level_the_doubly_damaged_come_first_then_the_explicit_then_by_score_then_by_id() -> None:
    columns = TABLES["mart_damage_month"].column_names
    typed = [f"{column.name}::{DUCKDB_TYPES[column.type]}" for column in TABLES["mart_damage_month"].columns]
    usual = {"month": MAY, "city_code": "suzhou", "is_in_consolidation": "false", "has_left": "false"}
    customers = [
        {"customer_id": "plain_low", "level": "3", "segment_code": "agent", "explicit_grade": "0", "score": "16"},
        {"customer_id": "b_plain", "level": "3", "segment_code": "agent", "explicit_grade": "0", "score": "20"},
        {"customer_id": "a_plain", "level": "3", "segment_code": "agent", "explicit_grade": "0", "score": "20"},
        {"customer_id": "explicit", "level": "3", "segment_code": "agent", "explicit_grade": "3", "score": "8"},
        {"customer_id": "double", "level": "3", "segment_code": "double", "explicit_grade": "0", "score": "15"},
        {"customer_id": "worse", "level": "4", "segment_code": "ivr", "explicit_grade": "0", "score": "30"},
    ]
    lines = [" | ".join((usual | customer).get(column, "") for column in columns) for customer in customers]
    check(
        read_model("repair/campaign", "damage_list"),
        {
            "month_file": "\n".join([" | ".join(typed), *lines]),
            "entry": "customer_id | indicator_id | rule_version::date | entry_kind_code | points",
            "indicator_words": "indicator_id | rule_version::date | name_en | name_zh",
        },
        """
        rank | customer_id
        1    | worse
        2    | double
        3    | explicit
        4    | a_plain
        5    | b_plain
        6    | plain_low
        """,
        {"month": MAY, "reasons": 3},
    )
